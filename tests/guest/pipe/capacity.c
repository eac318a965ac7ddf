// 65536 bytes fit; a non-blocking write then is EAGAIN, a large one partial, one of at most PIPE_BUF whole.
#include "../test.h"

int main(void) {
    static char block[100000];
    int ends[2];
    CHECK(pipe2(ends, O_NONBLOCK) == 0);
    CHECK_EQ(fcntl(ends[1], F_GETPIPE_SZ), 65536);
    CHECK_EQ(write(ends[1], block, sizeof block), 65536);
    CHECK_ERRNO(write(ends[1], block, 1), EAGAIN);
    CHECK_EQ(read(ends[0], block, 4095), 4095);
    CHECK_ERRNO(write(ends[1], block, 1), EAGAIN);
    CHECK_EQ(read(ends[0], block, 1), 1);
    CHECK_EQ(write(ends[1], block, 4096), 4096);
    CHECK_EQ(read(ends[0], block, sizeof block), 65536);
    CHECK_EQ(fcntl(ends[1], F_SETPIPE_SZ, 5000), 8192);
    CHECK_EQ(write(ends[1], block, sizeof block), 8192);
    CHECK_ERRNO(fcntl(ends[1], F_SETPIPE_SZ, 4096), EBUSY);
    CHECK_EQ(read(ends[0], block, sizeof block), 8192);
    CHECK_EQ(fcntl(ends[1], F_SETPIPE_SZ, 1), 4096);
    CHECK_EQ(fcntl(ends[1], F_SETPIPE_SZ, 1 << 20), 1 << 20);
    CHECK_EQ(fcntl(ends[0], F_GETPIPE_SZ), 1 << 20);
    CHECK_ERRNO(fcntl(0, F_GETPIPE_SZ), EBADF);
    puts("ok");
}
