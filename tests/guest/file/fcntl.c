// F_GETFL says access mode, status flags and O_LARGEFILE; F_SETFL changes only five bits; F_SETFD only one.
#include "../test.h"

int main(void) {
    int fd = open("f", O_RDWR | O_CREAT | O_EXCL | O_TRUNC | O_NOCTTY | O_CLOEXEC, 0644);
    printf("%#x\n", fcntl(fd, F_GETFL));
    CHECK(fcntl(fd, F_SETFL, O_APPEND | O_NONBLOCK | O_WRONLY | O_CREAT | O_SYNC) == 0);
    printf("%#x\n", fcntl(fd, F_GETFL));
    CHECK(fcntl(fd, F_SETFL, 0) == 0);
    printf("%#x\n", fcntl(fd, F_GETFL));
    printf("%#x\n", fcntl(open("f", O_RDONLY | O_SYNC), F_GETFL));
    printf("%#x\n", fcntl(open("f", O_PATH), F_GETFL));
    printf("%#x\n", fcntl(open(".", O_RDONLY | O_DIRECTORY), F_GETFL));
    CHECK(fcntl(fd, F_SETFD, -1) == 0);
    CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
    CHECK(fcntl(fd, F_SETFD, 2) == 0);
    CHECK_EQ(fcntl(fd, F_GETFD), 0);
    CHECK_ERRNO(fcntl(fd, 9999), EINVAL);
    CHECK_ERRNO(fcntl(99, F_GETFL), EBADF);
    int other = open("f", O_WRONLY);
    CHECK(fcntl(other, F_SETFL, O_NONBLOCK) == 0);
    CHECK_EQ(fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
}
