// build: musl
// A dynamic program of the musl C library, with its own interpreter.
#include "../test.h"

int main(int argc, char **argv) {
    (void)argv;
    char *text = malloc(100);
    snprintf(text, 100, "%d %.3f %s", argc, 3.14159, "words");
    puts(text);
    free(text);
    CHECK(getenv("PATH"));
}
