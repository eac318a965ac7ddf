// An entry lives as long as its open file: closed here but open in a child it still reports, closed in both it is gone.
#include "../test.h"
#include <sys/epoll.h>

int main(void) {
    int set = epoll_create1(0), ends[2];
    struct epoll_event event = {EPOLLIN, {.u64 = 5}};
    CHECK(set >= 0 && pipe(ends) == 0 && epoll_ctl(set, EPOLL_CTL_ADD, ends[0], &event) == 0);
    struct gate closed = new_gate(), gate = new_gate();
    pid_t child = fork_child();
    if (child == 0) {
        pass_gate(closed);
        CHECK(write(ends[1], "x", 1) == 1);
        pass_gate(gate);
        _exit(0);
    }
    CHECK(close(ends[0]) == 0);
    open_gate(closed);
    CHECK(epoll_wait(set, &event, 1, -1) == 1 && event.data.u64 == 5);
    CHECK_ERRNO(epoll_ctl(set, EPOLL_CTL_DEL, ends[0], NULL), EBADF);
    open_gate(gate);
    CHECK_EXITS(child, 0);
    CHECK_EQ(epoll_wait(set, &event, 1, 0), 0);
    puts("ok");
}
