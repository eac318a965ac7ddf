// Five hundred eventfds in one epoll and one poll: only those that are ready are reported, and fairly.
#include "../test.h"
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

int main(void) {
    static int fds[500];
    static struct pollfd polled[500];
    static struct epoll_event got[500];
    int epoll = epoll_create1(0);
    for (int i = 0; i < 500; i++) {
        fds[i] = eventfd(i % 10 == 3, EFD_NONBLOCK);
        CHECK(fds[i] >= 0);
        polled[i] = (struct pollfd){fds[i], POLLIN, 0};
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = (unsigned)i};
        CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, fds[i], &event) == 0);
    }
    printf("%d %d\n", poll(polled, 500, 0), epoll_wait(epoll, got, 500, 0));
    for (int i = 0; i < 50; i++) CHECK_EQ(got[i].data.u32 % 10, 3);
    char seen[500] = {0};
    for (int round = 0; round < 50; round++) {
        CHECK_EQ(epoll_wait(epoll, got, 10, 0), 10);
        for (int i = 0; i < 10; i++) seen[got[i].data.u32] = 1;
    }
    int fair = 0;
    for (int i = 0; i < 500; i++) fair += seen[i];
    printf("%d\n", fair);
}
