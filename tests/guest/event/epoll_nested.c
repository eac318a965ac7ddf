// An epoll inside an epoll is readable when something inside is ready; poll sees it too.
#include "../test.h"
#include <poll.h>
#include <sys/epoll.h>

int main(void) {
    int ends[2], levels[4];
    struct epoll_event event = {.events = EPOLLIN}, got[2];
    char byte;
    CHECK(pipe(ends) == 0);
    for (int i = 0; i < 4; i++) levels[i] = epoll_create1(0);
    CHECK(epoll_ctl(levels[0], EPOLL_CTL_ADD, ends[0], &event) == 0);
    for (int i = 1; i < 4; i++) {
        event.data.u32 = (unsigned)i;
        CHECK(epoll_ctl(levels[i], EPOLL_CTL_ADD, levels[i - 1], &event) == 0);
    }
    struct pollfd p = {levels[3], POLLIN, 0};
    CHECK_EQ(poll(&p, 1, 0), 0);
    CHECK_EQ(epoll_wait(levels[3], got, 2, 0), 0);
    CHECK(write(ends[1], "x", 1) == 1);
    CHECK_EQ(poll(&p, 1, 0), 1);
    CHECK_EQ(epoll_wait(levels[3], got, 2, 0), 1);
    printf("%u %x\n", got[0].data.u32, got[0].events);
    CHECK(read(ends[0], &byte, 1) == 1);
    CHECK_EQ(poll(&p, 1, 0), 0);
    CHECK_EQ(epoll_wait(levels[3], got, 2, 0), 0);
}
