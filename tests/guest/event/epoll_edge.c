// Edge-triggered epoll: once per arrival, again for a new write on a still readable pipe, and for MOD.
#include "../test.h"
#include <sys/epoll.h>

int main(void) {
    int ends[2], epoll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN | EPOLLET}, got[2];
    char text[8];
    CHECK(pipe2(ends, O_NONBLOCK) == 0);
    CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &event) == 0);
    CHECK(write(ends[1], "a", 1) == 1);
    printf("%d", epoll_wait(epoll, got, 2, 0));
    printf("%d", epoll_wait(epoll, got, 2, 0));
    CHECK(write(ends[1], "b", 1) == 1);
    printf("%d", epoll_wait(epoll, got, 2, 0));
    printf("%d", epoll_wait(epoll, got, 2, 0));
    CHECK(read(ends[0], text, 1) == 1);
    printf("%d", epoll_wait(epoll, got, 2, 0));
    CHECK(epoll_ctl(epoll, EPOLL_CTL_MOD, ends[0], &event) == 0);
    printf("%d", epoll_wait(epoll, got, 2, 0));
    printf("%d", epoll_wait(epoll, got, 2, 0));
    CHECK(close(ends[1]) == 0);
    printf("%d", epoll_wait(epoll, got, 2, 0));
    printf(" %x\n", got[0].events);
    int filled[2];
    CHECK(read(ends[0], text, 8) == 1 && pipe2(filled, O_NONBLOCK) == 0);
    static char block[65536];
    event.events = EPOLLOUT | EPOLLET;
    CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, filled[1], &event) == 0);
    CHECK(epoll_wait(epoll, got, 2, 0) == 1);
    CHECK(write(filled[1], block, sizeof block) == sizeof block);
    CHECK(epoll_wait(epoll, got, 2, 0) == 0);
    CHECK(read(filled[0], block, sizeof block) == sizeof block);
    CHECK(epoll_wait(epoll, got, 2, 0) == 1);
}
