// An epoll descriptor inherited by a child is one interest list, seen and changed by both.
#include "../test.h"
#include <sys/epoll.h>

int main(void) {
    int set = epoll_create1(EPOLL_CLOEXEC), first[2], second[2];
    struct epoll_event event = {EPOLLIN, {.u64 = 1}};
    CHECK(set >= 0 && pipe(first) == 0 && pipe(second) == 0);
    CHECK(epoll_ctl(set, EPOLL_CTL_ADD, first[0], &event) == 0);
    pid_t child = fork_child();
    if (child == 0) {
        event = (struct epoll_event){EPOLLIN, {.u64 = 2}};
        CHECK(epoll_ctl(set, EPOLL_CTL_ADD, second[0], &event) == 0);
        CHECK_ERRNO(epoll_ctl(set, EPOLL_CTL_ADD, first[0], &event), EEXIST);
        CHECK(write(second[1], "x", 1) == 1);
        CHECK(epoll_wait(set, &event, 1, -1) == 1 && event.data.u64 == 2);
        CHECK(epoll_ctl(set, EPOLL_CTL_DEL, first[0], NULL) == 0);
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    CHECK(write(first[1], "x", 1) == 1);
    CHECK(epoll_wait(set, &event, 1, -1) == 1);
    CHECK_EQ(event.data.u64, 2);
    CHECK_ERRNO(epoll_ctl(set, EPOLL_CTL_DEL, first[0], NULL), ENOENT);
    puts("ok");
}
