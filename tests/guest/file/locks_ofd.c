// Locks of open file descriptions conflict inside one process, and with record locks; flock too.
#include "../test.h"
#include <sys/file.h>

static int lock(int fd, int command, int type, off_t start, off_t length) {
    struct flock lock = {.l_type = (short)type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
    return fcntl(fd, command, &lock);
}

int main(void) {
    int fd = file_with("f", "0123456789", 10), other = open("f", O_RDWR), same = dup(fd);
    CHECK(lock(fd, F_OFD_SETLK, F_WRLCK, 0, 5) == 0);
    CHECK(lock(same, F_OFD_SETLK, F_WRLCK, 2, 5) == 0);
    CHECK_ERRNO(lock(other, F_OFD_SETLK, F_RDLCK, 4, 1), EAGAIN);
    CHECK_ERRNO(lock(other, F_SETLK, F_RDLCK, 4, 1), EAGAIN);
    CHECK(lock(other, F_OFD_SETLK, F_WRLCK, 7, 1) == 0);
    struct flock probe = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    CHECK(fcntl(other, F_OFD_GETLK, &probe) == 0);
    printf("%d %ld %ld %d\n", probe.l_type == F_WRLCK, (long)probe.l_start, (long)probe.l_len, probe.l_pid);
    CHECK(close(fd) == 0);
    CHECK_ERRNO(lock(other, F_OFD_SETLK, F_RDLCK, 4, 1), EAGAIN);
    CHECK(close(same) == 0);
    CHECK(lock(other, F_OFD_SETLK, F_RDLCK, 4, 1) == 0);
    int third = open("f", O_RDWR);
    CHECK(flock(other, LOCK_EX) == 0);
    CHECK_ERRNO(flock(third, LOCK_SH | LOCK_NB), EWOULDBLOCK);
    CHECK(flock(other, LOCK_SH) == 0 && flock(third, LOCK_SH | LOCK_NB) == 0);
    CHECK(flock(third, LOCK_UN) == 0);
    CHECK_ERRNO(flock(third, 0), EINVAL);
    CHECK_ERRNO(flock(99, LOCK_SH), EBADF);
}
