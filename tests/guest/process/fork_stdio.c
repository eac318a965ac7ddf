// What stands in a stream's buffer at fork is written by both sides; exit flushes and _exit does not.
#include "../test.h"

int main(void) {
    int ends[2];
    char text[64] = {0};
    CHECK(pipe(ends) == 0);
    FILE *stream = fdopen(ends[1], "w");
    CHECK(stream && fputs("once ", stream) >= 0);
    pid_t child = fork_child();
    if (child == 0) _exit(3);
    CHECK_EXITS(child, 3);
    child = fork_child();
    if (child == 0) {
        fputs("child ", stream);
        fclose(stream);
        _exit(4);
    }
    CHECK_EXITS(child, 4);
    fputs("parent", stream);
    CHECK(fclose(stream) == 0);
    for (size_t have = 0;;) {
        ssize_t got = read(ends[0], text + have, sizeof text - 1 - have);
        CHECK(got >= 0);
        if (got == 0) break;
        have += (size_t)got;
    }
    puts(text);
}
