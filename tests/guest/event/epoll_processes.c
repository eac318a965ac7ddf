// epoll_wait in two processes on one set: a level-triggered event may wake both, an EPOLLONESHOT one exactly one.
#include "../test.h"
#include <sys/epoll.h>

int main(void) {
    int set = epoll_create1(0), ends[2];
    struct epoll_event event = {EPOLLIN | EPOLLONESHOT, {.u64 = 0}};
    _Atomic int *woken = shared_pages(1);
    CHECK(set >= 0 && pipe(ends) == 0 && epoll_ctl(set, EPOLL_CTL_ADD, ends[0], &event) == 0);
    pid_t children[3];
    for (int i = 0; i < 3; i++) {
        children[i] = fork_child();
        if (children[i] == 0) {
            for (;;) {
                char byte;
                CHECK_EQ(epoll_wait(set, &event, 1, -1), 1);
                CHECK_EQ(read(ends[0], &byte, 1), 1);
                if (byte == 'e') {
                    CHECK(epoll_ctl(set, EPOLL_CTL_MOD, ends[0], &(struct epoll_event){EPOLLIN | EPOLLONESHOT, {.u64 = 0}}) == 0);
                    _exit(0);
                }
                (*woken)++;
                CHECK(epoll_ctl(set, EPOLL_CTL_MOD, ends[0], &(struct epoll_event){EPOLLIN | EPOLLONESHOT, {.u64 = 0}}) == 0);
            }
        }
    }
    for (int i = 1; i <= 200; i++) {
        CHECK(write(ends[1], "x", 1) == 1);
        while (*woken < i) sched_yield();
        CHECK_EQ(*woken, i);
    }
    CHECK(write(ends[1], "eee", 3) == 3);
    for (int i = 0; i < 3; i++) CHECK_EXITS(children[i], 0);
    puts("ok");
}
