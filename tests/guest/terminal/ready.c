// Both ends can be polled, selected and watched by edges.
#include "pty.h"
#include <sys/epoll.h>
#include <sys/select.h>

int main(void) {
    struct pty pty = open_pty();
    without_echo(pty.slave);
    struct pollfd both[] = {{pty.master, POLLIN | POLLOUT, 0}, {pty.slave, POLLIN | POLLOUT, 0}};
    CHECK_EQ(poll(both, 2, 0), 2);
    CHECK(both[0].revents == POLLOUT && both[1].revents == POLLOUT);
    int epoll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.u32 = 7}, got;
    CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, pty.slave, &event) == 0);
    CHECK_EQ(epoll_wait(epoll, &got, 1, 0), 0);
    put(pty.master, "half");
    CHECK_EQ(epoll_wait(epoll, &got, 1, 50), 0);
    put(pty.master, "\n");
    CHECK_EQ(epoll_wait(epoll, &got, 1, 2000), 1);
    CHECK(got.data.u32 == 7 && got.events == EPOLLIN);
    CHECK_EQ(epoll_wait(epoll, &got, 1, 50), 0);
    fd_set readable;
    FD_ZERO(&readable);
    FD_SET(pty.slave, &readable);
    FD_SET(pty.master, &readable);
    struct timeval now = {0, 0};
    CHECK_EQ(select(pty.master > pty.slave ? pty.master + 1 : pty.slave + 1, &readable, NULL, NULL, &now), 1);
    CHECK(FD_ISSET(pty.slave, &readable));
    EXPECT(pty.slave, "half\n");
    put(pty.slave, "x");
    CHECK_EQ(wait_for(pty.master, POLLIN), POLLIN);
}
