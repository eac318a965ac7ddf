// build: musl -static
// A static program of the musl C library: output, memory, files, time and errors.
#include "../test.h"

int main(void) {
    char *blocks[100];
    for (size_t i = 0; i < 100; i++) {
        blocks[i] = malloc(i * i * 10 + 1);
        CHECK(blocks[i]);
        memset(blocks[i], (int)i, i * i * 10 + 1);
    }
    for (size_t i = 0; i < 100; i++) free(blocks[i]);
    int fd = file_with("f", "musl", 4);
    char text[5] = {0};
    CHECK(read(fd, text, 4) == 4);
    printf("%s %d %s\n", text, (int)sizeof(long), strerror(ENOENT));
    CHECK(time(NULL) > 1000000000 && getpid() > 0);
    FILE *file = fopen("/etc/passwd", "r");
    CHECK(file && fgets(text, 5, file));
    puts(text);
}
