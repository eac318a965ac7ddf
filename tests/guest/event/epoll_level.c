// Level-triggered epoll: reports again until drained; ADD, MOD and DEL and their errors.
#include "../test.h"
#include <sys/epoll.h>

static int ctl(int epoll, int op, int fd, uint32_t events) {
    struct epoll_event event = {.events = events, .data.u64 = 0x1234567800000000 | (unsigned)fd};
    return epoll_ctl(epoll, op, fd, &event);
}

int main(void) {
    int ends[2], epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event got[4];
    char byte;
    CHECK(pipe(ends) == 0 && fcntl(epoll, F_GETFD) == FD_CLOEXEC);
    CHECK(ctl(epoll, EPOLL_CTL_ADD, ends[0], EPOLLIN) == 0);
    CHECK_ERRNO(ctl(epoll, EPOLL_CTL_ADD, ends[0], EPOLLIN), EEXIST);
    CHECK_EQ(epoll_wait(epoll, got, 4, 0), 0);
    CHECK(write(ends[1], "ab", 2) == 2);
    for (int i = 0; i < 3; i++) CHECK_EQ(epoll_wait(epoll, got, 4, 0), 1);
    CHECK(got[0].events == EPOLLIN && got[0].data.u64 == (0x1234567800000000 | (unsigned)ends[0]));
    CHECK(read(ends[0], &byte, 1) == 1);
    CHECK_EQ(epoll_wait(epoll, got, 4, -1), 1);
    CHECK(read(ends[0], &byte, 1) == 1);
    CHECK_EQ(epoll_wait(epoll, got, 4, 0), 0);
    CHECK(ctl(epoll, EPOLL_CTL_MOD, ends[0], 0) == 0);
    CHECK(write(ends[1], "x", 1) == 1);
    CHECK_EQ(epoll_wait(epoll, got, 4, 0), 0);
    CHECK(close(ends[1]) == 0);
    CHECK_EQ(epoll_wait(epoll, got, 4, 0), 1);
    printf("%x\n", got[0].events);
    CHECK(epoll_ctl(epoll, EPOLL_CTL_DEL, ends[0], NULL) == 0);
    CHECK_ERRNO(epoll_ctl(epoll, EPOLL_CTL_DEL, ends[0], NULL), ENOENT);
    CHECK_ERRNO(ctl(epoll, EPOLL_CTL_MOD, ends[0], EPOLLIN), ENOENT);
}
