// A registration lives until the last descriptor of the description closes, not with the number.
#include "../test.h"
#include <sys/epoll.h>

int main(void) {
    int ends[2], epoll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = 41}, got[2];
    CHECK(pipe(ends) == 0);
    CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &event) == 0);
    int copy = dup(ends[0]);
    event.data.u32 = 42;
    CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, copy, &event) == 0);
    CHECK(write(ends[1], "x", 1) == 1);
    CHECK_EQ(epoll_wait(epoll, got, 2, 0), 2);
    int number = ends[0];
    CHECK(close(ends[0]) == 0);
    CHECK_EQ(epoll_wait(epoll, got, 2, 0), 2);
    CHECK_ERRNO(epoll_ctl(epoll, EPOLL_CTL_DEL, number, NULL), EBADF);
    CHECK_EQ(open("/dev/null", O_RDONLY), number);
    CHECK_ERRNO(epoll_ctl(epoll, EPOLL_CTL_DEL, number, NULL), EPERM);
    CHECK(close(copy) == 0);
    CHECK_EQ(epoll_wait(epoll, got, 2, 0), 0);
    int other = dup(epoll);
    CHECK(pipe(ends) == 0 && write(ends[1], "x", 1) == 1);
    CHECK(epoll_ctl(other, EPOLL_CTL_ADD, ends[0], &event) == 0 && close(other) == 0);
    CHECK_EQ(epoll_wait(epoll, got, 2, 0), 1);
    puts("ok");
}
