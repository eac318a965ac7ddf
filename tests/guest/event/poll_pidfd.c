// A pidfd becomes readable when its process ends, in poll, select and epoll, and stays so after the wait.
#include "../test.h"
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>

int main(void) {
    struct gate gate = new_gate();
    pid_t child = fork_child();
    if (child == 0) {
        pass_gate(gate);
        _exit(0);
    }
    int pidfd = (int)raw(SYS_pidfd_open, child, 0), set = epoll_create1(0);
    struct epoll_event event = {EPOLLIN, {.u64 = 9}};
    CHECK(pidfd >= 0 && set >= 0 && epoll_ctl(set, EPOLL_CTL_ADD, pidfd, &event) == 0);
    struct pollfd entry = {pidfd, POLLIN, 0};
    CHECK_EQ(poll(&entry, 1, 0), 0);
    CHECK_EQ(epoll_wait(set, &event, 1, 0), 0);
    open_gate(gate);
    CHECK_EQ(poll(&entry, 1, 5000), 1);
    CHECK(entry.revents & POLLIN);
    CHECK(epoll_wait(set, &event, 1, 5000) == 1 && event.data.u64 == 9 && event.events & EPOLLIN);
    fd_set readable;
    FD_ZERO(&readable);
    FD_SET(pidfd, &readable);
    CHECK(select(pidfd + 1, &readable, NULL, NULL, NULL) == 1 && FD_ISSET(pidfd, &readable));
    CHECK_EXITS(child, 0);
    CHECK_EQ(poll(&entry, 1, 0), 1);
    CHECK(entry.revents & POLLIN);
    puts("ok");
}
