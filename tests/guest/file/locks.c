// Record locks do not conflict inside one process, are split and merged; what fcntl refuses.
#include "../test.h"

static int lock(int fd, int type, off_t start, off_t length) {
    struct flock lock = {.l_type = (short)type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
    return fcntl(fd, F_SETLK, &lock);
}

int main(void) {
    int fd = file_with("f", "0123456789", 10), other = open("f", O_RDWR), reader = open("f", O_RDONLY), writer = open("f", O_WRONLY);
    CHECK(lock(fd, F_WRLCK, 0, 10) == 0 && lock(other, F_WRLCK, 5, 10) == 0 && lock(fd, F_UNLCK, 3, 2) == 0);
    struct flock probe = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    CHECK(fcntl(other, F_GETLK, &probe) == 0);
    CHECK_EQ(probe.l_type, F_UNLCK);
    CHECK_ERRNO(lock(reader, F_WRLCK, 0, 1), EBADF);
    CHECK_ERRNO(lock(writer, F_RDLCK, 0, 1), EBADF);
    CHECK(lock(reader, F_RDLCK, 0, 1) == 0);
    CHECK_ERRNO(lock(fd, F_WRLCK, -1, 1), EINVAL);
    CHECK_ERRNO(lock(fd, 9, 0, 1), EINVAL);
    CHECK_ERRNO(lock(99, F_WRLCK, 0, 1), EBADF);
    CHECK(lock(fd, F_WRLCK, 5, -3) == 0);
    struct flock waiting = {.l_type = F_WRLCK, .l_whence = SEEK_END, .l_start = -1, .l_len = 1};
    CHECK(fcntl(fd, F_SETLKW, &waiting) == 0);
    CHECK(lockf(fd, F_TEST, 0) == 0);
    puts("ok");
}
