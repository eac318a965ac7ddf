// O_NONBLOCK belongs to the open end: set by one process, it holds for the other, but not for the other end.
#include "../test.h"

int main(void) {
    int ends[2];
    char byte;
    CHECK(pipe(ends) == 0);
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0);
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    CHECK_ERRNO(read(ends[0], &byte, 1), EAGAIN);
    CHECK_EQ(fcntl(ends[1], F_GETFL) & O_NONBLOCK, 0);
    puts("ok");
}
