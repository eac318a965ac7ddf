// ONESHOT reports once and is disarmed; MOD arms it again and reports what is already true.
#include "../test.h"
#include <sys/epoll.h>

int main(void) {
    int ends[2], epoll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN | EPOLLONESHOT}, got[2];
    CHECK(pipe(ends) == 0);
    CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &event) == 0);
    CHECK(write(ends[1], "a", 1) == 1);
    CHECK_EQ(epoll_wait(epoll, got, 2, 0), 1);
    CHECK_EQ(epoll_wait(epoll, got, 2, 0), 0);
    CHECK(write(ends[1], "b", 1) == 1);
    CHECK_EQ(epoll_wait(epoll, got, 2, 10), 0);
    CHECK_ERRNO(epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &event), EEXIST);
    CHECK(epoll_ctl(epoll, EPOLL_CTL_MOD, ends[0], &event) == 0);
    CHECK_EQ(epoll_wait(epoll, got, 2, 0), 1);
    CHECK(close(ends[1]) == 0);
    CHECK_EQ(epoll_wait(epoll, got, 2, 0), 0);
    puts("ok");
}
