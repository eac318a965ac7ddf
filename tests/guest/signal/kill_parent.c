// A child ends its parent; the grandparent sees the death, the child runs on.
#include "../test.h"

int main(void) {
    int ends[2];
    char byte;
    CHECK(pipe(ends) == 0);
    pid_t child = fork_child();
    if (child == 0) {
        pid_t parent = getpid();
        if (fork_child() == 0) {
            CHECK(kill(parent, SIGTERM) == 0);
            while (getppid() == parent) sleep_ms(1);
            CHECK_EQ(write(ends[1], "k", 1), 1);
            _exit(0);
        }
        for (;;) pause();
    }
    CHECK(close(ends[1]) == 0);
    CHECK_DIES(child, SIGTERM);
    CHECK(read(ends[0], &byte, 1) == 1 && byte == 'k');
    CHECK_EQ(read(ends[0], &byte, 1), 0);
    puts("ok");
}
