// A FIFO between two processes: open waits for the other side; O_NONBLOCK does not, and is ENXIO for a writer.
#include "../test.h"

int main(void) {
    char byte;
    CHECK(mkfifo("fifo", 0600) == 0);
    CHECK_ERRNO(open("fifo", O_WRONLY | O_NONBLOCK), ENXIO);
    for (int parent_reads = 0; parent_reads < 2; parent_reads++) {
        _Atomic int *opened = shared_pages(1);
        pid_t child = fork_child();
        if (child == 0) {
            int fd = open("fifo", parent_reads ? O_WRONLY : O_RDONLY);
            CHECK(fd >= 0);
            *opened = 1;
            if (parent_reads) CHECK_EQ(write(fd, "w", 1), 1);
            else CHECK(read(fd, &byte, 1) == 1 && byte == 'p');
            _exit(0);
        }
        wait_until_state(child, 'S');
        CHECK_EQ(*opened, 0);
        int fd = open("fifo", parent_reads ? O_RDONLY : O_WRONLY);
        CHECK(fd >= 0);
        if (parent_reads) CHECK(read(fd, &byte, 1) == 1 && byte == 'w');
        else CHECK_EQ(write(fd, "p", 1), 1);
        CHECK_EXITS(child, 0);
        if (parent_reads) CHECK_EQ(read(fd, &byte, 1), 0);
        CHECK(close(fd) == 0);
    }
    int reader = open("fifo", O_RDONLY | O_NONBLOCK);
    CHECK(reader >= 0);
    CHECK_EQ(read(reader, &byte, 1), 0);
    int writer = open("fifo", O_WRONLY | O_NONBLOCK);
    CHECK(writer >= 0);
    CHECK_ERRNO(read(reader, &byte, 1), EAGAIN);
    puts("ok");
}
