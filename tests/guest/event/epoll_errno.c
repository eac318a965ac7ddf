// What epoll refuses: files, itself, loops, bad descriptors, flags and sizes.
#include "../test.h"
#include <sys/epoll.h>

int main(void) {
    int epoll = epoll_create1(0), other = epoll_create(1), ends[2];
    struct epoll_event event = {.events = EPOLLIN};
    CHECK(pipe(ends) == 0);
    CHECK_ERRNO(epoll_create1(1), EINVAL);
    CHECK_ERRNO(epoll_create(0), EINVAL);
    CHECK_ERRNO(epoll_ctl(epoll, EPOLL_CTL_ADD, file_with("f", "", 0), &event), EPERM);
    CHECK_ERRNO(epoll_ctl(epoll, EPOLL_CTL_ADD, open(".", O_RDONLY), &event), EPERM);
    CHECK_ERRNO(epoll_ctl(epoll, EPOLL_CTL_ADD, open("/dev/null", O_RDONLY), &event), EPERM);
    CHECK_ERRNO(epoll_ctl(epoll, EPOLL_CTL_ADD, epoll, &event), EINVAL);
    CHECK_ERRNO(epoll_ctl(epoll, EPOLL_CTL_ADD, 99, &event), EBADF);
    CHECK_ERRNO(epoll_ctl(99, EPOLL_CTL_ADD, ends[0], &event), EBADF);
    CHECK_ERRNO(epoll_ctl(ends[0], EPOLL_CTL_ADD, ends[1], &event), EINVAL);
    CHECK_ERRNO(epoll_ctl(epoll, 9, ends[0], &event), EINVAL);
    CHECK_ERRNO(epoll_wait(epoll, &event, 0, 0), EINVAL);
    CHECK_ERRNO(epoll_wait(epoll, &event, -1, 0), EINVAL);
    CHECK_ERRNO(epoll_wait(ends[0], &event, 1, 0), EINVAL);
    CHECK_ERRNO(epoll_wait(99, &event, 1, 0), EBADF);
    CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, other, &event) == 0);
    CHECK_ERRNO(epoll_ctl(other, EPOLL_CTL_ADD, epoll, &event), ELOOP);
    event.events = EPOLLIN | EPOLLEXCLUSIVE;
    CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &event) == 0);
    CHECK_ERRNO(epoll_ctl(epoll, EPOLL_CTL_MOD, ends[0], &event), EINVAL);
    CHECK_ERRNO(epoll_ctl(epoll, EPOLL_CTL_ADD, epoll_create1(0), &event), EINVAL);
    CHECK_EQ(raw(SYS_epoll_ctl, epoll, EPOLL_CTL_ADD, ends[1], 8), -EFAULT);
    CHECK(write(ends[1], "x", 1) == 1);
    CHECK_EQ(raw(SYS_epoll_wait, epoll, 0xffff800000000000, 1, 0), -EFAULT);
    CHECK_EQ(lseek(epoll, 7, SEEK_SET), 0);
    CHECK_ERRNO(read(epoll, &event, 1), EINVAL);
    puts("ok");
}
