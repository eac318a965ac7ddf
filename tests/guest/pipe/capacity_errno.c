// Sizes of pipes that are refused, and the capacity of a FIFO.
#include "../test.h"

int main(void) {
    int ends[2];
    static char page[4096];
    CHECK(pipe2(ends, O_NONBLOCK) == 0);
    CHECK_ERRNO(fcntl(ends[1], F_SETPIPE_SZ, -1), EINVAL);
    CHECK_ERRNO(fcntl(ends[1], F_SETPIPE_SZ, (1u << 31) + 1), EINVAL);
    CHECK_EQ(fcntl(ends[1], F_SETPIPE_SZ, 0), 4096);
    CHECK_EQ(fcntl(ends[1], F_SETPIPE_SZ, 65536), 65536);
    // What counts is pages in use, not bytes.
    for (int i = 0; i < 3; i++) CHECK_EQ(write(ends[1], page, 4096), 4096);
    CHECK_ERRNO(fcntl(ends[1], F_SETPIPE_SZ, 8192), EBUSY);
    CHECK_EQ(fcntl(ends[1], F_GETPIPE_SZ), 65536);
    CHECK_EQ(read(ends[0], page, 4095), 4095);
    CHECK_ERRNO(fcntl(ends[0], F_SETPIPE_SZ, 8192), EBUSY);
    CHECK_EQ(read(ends[0], page, 1), 1);
    CHECK_EQ(fcntl(ends[0], F_SETPIPE_SZ, 8192), 8192);
    CHECK_ERRNO(write(ends[1], page, 1), EAGAIN);
    CHECK_EQ(mkfifo("fifo", 0600), 0);
    int fifo = open("fifo", O_RDWR);
    CHECK(fifo >= 0);
    CHECK_EQ(fcntl(fifo, F_GETPIPE_SZ), 65536);
    CHECK_EQ(fcntl(fifo, F_SETPIPE_SZ, 10000), 16384);
    CHECK_EQ(fcntl(fifo, F_GETPIPE_SZ), 16384);
    // Through a FIFO too.
    CHECK_EQ(write(fifo, "through", 7), 7);
    CHECK_EQ(fcntl(ends[0], F_SETPIPE_SZ, 65536), 65536);
    CHECK_EQ(splice(fifo, NULL, ends[1], NULL, 100, 0), 7);
    char text[20000];
    CHECK_EQ(read(ends[0], text, sizeof text), 8192 + 7);
    printf("%.7s\n", text + 8192);
}
