// pipe2 takes CLOEXEC, NONBLOCK and DIRECT and refuses any other bit; the ends are one-way.
#include "../test.h"

int main(void) {
    int ends[2], bad[2] = {77, 77};
    char byte;
    CHECK(pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
    CHECK(ends[0] == 3 && ends[1] == 4);
    CHECK_EQ(fcntl(ends[0], F_GETFD), FD_CLOEXEC);
    printf("%#x %#x\n", fcntl(ends[0], F_GETFL), fcntl(ends[1], F_GETFL));
    CHECK_ERRNO(pipe2(bad, O_APPEND), EINVAL);
    CHECK_ERRNO(pipe2(bad, O_NONBLOCK | 1), EINVAL);
    CHECK_EQ(bad[0], 77);
    CHECK_EQ(raw(SYS_pipe2, 8, 0), -EFAULT);
    CHECK_EQ(open("/dev/null", O_RDONLY), 5);
    CHECK_ERRNO(read(ends[1], &byte, 1), EBADF);
    CHECK_ERRNO(write(ends[0], &byte, 1), EBADF);
    CHECK_ERRNO(read(ends[0], &byte, 1), EAGAIN);
    CHECK(close(ends[1]) == 0);
    CHECK_EQ(read(ends[0], &byte, 1), 0);
}
