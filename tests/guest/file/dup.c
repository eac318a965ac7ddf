// The lowest free number always; dup2 onto itself, dup3 onto itself; what is shared and what is not.
#include "../test.h"

int main(void) {
    int fd = file_with("f", "0123456789", 10);
    CHECK_EQ(fd, 3);
    CHECK_EQ(dup(fd), 4);
    CHECK_EQ(dup(fd), 5);
    CHECK(close(4) == 0);
    CHECK_EQ(open("/dev/null", O_RDONLY), 4);
    CHECK_EQ(dup2(fd, 4), 4);
    CHECK_EQ(dup2(fd, fd), fd);
    CHECK_ERRNO(dup3(fd, fd, 0), EINVAL);
    CHECK_ERRNO(dup3(fd, 9, O_APPEND), EINVAL);
    CHECK_ERRNO(dup(99), EBADF);
    CHECK_ERRNO(dup2(99, 99), EBADF);
    CHECK_ERRNO(dup2(fd, -1), EBADF);
    CHECK_ERRNO(dup2(fd, 1 << 30), EBADF);
    CHECK_EQ(lseek(4, 7, SEEK_SET), 7);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 7);
    CHECK_EQ(dup3(fd, 20, O_CLOEXEC), 20);
    CHECK_EQ(fcntl(20, F_GETFD), FD_CLOEXEC);
    CHECK_EQ(fcntl(fd, F_GETFD), 0);
    CHECK(fcntl(fd, F_SETFL, O_APPEND) == 0);
    CHECK(fcntl(20, F_GETFL) & O_APPEND);
    CHECK_EQ(fcntl(fd, F_DUPFD, 10), 10);
    CHECK_EQ(fcntl(fd, F_DUPFD_CLOEXEC, 10), 11);
    CHECK_EQ(fcntl(11, F_GETFD), FD_CLOEXEC);
    CHECK_ERRNO(fcntl(fd, F_DUPFD, 1 << 30), EINVAL);
    CHECK_ERRNO(fcntl(fd, F_DUPFD, -1), EINVAL);
    CHECK(close(fd) == 0 && lseek(4, 0, SEEK_CUR) == 7);
    CHECK_ERRNO(close(fd), EBADF);
    CHECK_EQ(close_range(10, 20, 0), 0);
    CHECK_ERRNO(fcntl(20, F_GETFD), EBADF);
    CHECK_ERRNO(close_range(5, 4, 0), EINVAL);
    CHECK_EQ(close_range(4, 5, CLOSE_RANGE_CLOEXEC), 0);
    CHECK_EQ(fcntl(5, F_GETFD), FD_CLOEXEC);
    puts("ok");
}
