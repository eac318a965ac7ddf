// A writer that waits in open, and is gone soon after a reader has come, does not leave that reader waiting in open.
#include "../test.h"

int main(void) {
    char byte;
    CHECK(mkfifo("fifo", 0600) == 0);
    for (int i = 0; i < 200; i++) {
        pid_t child = fork_child();
        if (child == 0) {
            int fd = open("fifo", O_WRONLY);
            CHECK(fd >= 0);
            CHECK_EQ(write(fd, "w", 1), 1);
            _exit(0);
        }
        if (i % 2) wait_until_state(child, 'S');
        int fd = open("fifo", O_RDONLY);
        CHECK(fd >= 0);
        CHECK(read(fd, &byte, 1) == 1 && byte == 'w');
        CHECK_EQ(read(fd, &byte, 1), 0);
        CHECK_EXITS(child, 0);
        CHECK(close(fd) == 0);
    }
    puts("ok");
}
