// An epoll descriptor without close-on-exec keeps its interest list across execve.
#include "../test.h"
#include <sys/epoll.h>

int main(int argc, char **argv) {
    struct epoll_event event = {EPOLLIN, {.u64 = 0x1122334455667788}};
    if (argc > 1) {
        CHECK(epoll_wait(atoi(argv[1]), &event, 1, 5000) == 1);
        CHECK(event.data.u64 == 0x1122334455667788 && event.events == EPOLLIN);
        return 3;
    }
    int set = epoll_create1(0), ends[2];
    char number[16];
    CHECK(set >= 0 && pipe(ends) == 0 && epoll_ctl(set, EPOLL_CTL_ADD, ends[0], &event) == 0);
    snprintf(number, sizeof number, "%d", set);
    pid_t child = fork_child();
    if (child == 0) {
        execl(argv[0], argv[0], number, NULL);
        _exit(99);
    }
    CHECK(write(ends[1], "x", 1) == 1);
    CHECK_EXITS(child, 3);
    puts("ok");
}
