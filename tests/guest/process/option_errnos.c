// What is unknown has its own errno in each family of calls.
#include "../test.h"
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>

int main(void) {
    int fd = file_with("f", "x", 1);
    struct stat st;
    CHECK_ERRNO(prctl(12345), EINVAL);
    CHECK_EQ(raw(SYS_arch_prctl, 12345, 0), -EINVAL);
    CHECK_ERRNO(fcntl(fd, 12345), EINVAL);
    CHECK_ERRNO(ioctl(fd, 12345), ENOTTY);
    CHECK_EQ(raw(SYS_futex, &fd, 100, 0), -ENOSYS);
    CHECK_ERRNO(pipe2((int[2]){0}, 0x1), EINVAL);
    CHECK_ERRNO(pipe2((int[2]){0}, O_CLOEXEC | 0x1), EINVAL);
    CHECK_ERRNO(eventfd(0, EFD_CLOEXEC | 0x10), EINVAL);
    CHECK_ERRNO(epoll_create1(EPOLL_CLOEXEC | 0x1), EINVAL);
    CHECK_ERRNO(dup3(fd, 50, O_CLOEXEC | 0x1), EINVAL);
    CHECK_ERRNO(fstatat(AT_FDCWD, "f", &st, AT_SYMLINK_NOFOLLOW | 0x1), EINVAL);
    CHECK_EQ(raw(SYS_getrandom, &st, 1, 0x10), -EINVAL);
    CHECK(open("f", O_RDONLY | 0x20000000) >= 0);
    puts("ok");
}
