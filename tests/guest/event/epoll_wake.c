// A thread blocked in epoll_wait sees what another thread adds, changes and writes; a timeout is kept.
#include "../test.h"
#include <sys/epoll.h>

static int epoll;
static _Atomic int tid;

static void *waiter(void *unused) {
    struct epoll_event got;
    tid = gettid();
    CHECK_EQ(epoll_wait(epoll, &got, 1, -1), 1);
    (void)unused;
    return (void *)(long)got.data.u32;
}

static pthread_t blocked(void) {
    tid = 0;
    pthread_t thread = spawn(waiter, NULL);
    while (!tid) sched_yield();
    wait_until_asleep(tid);
    return thread;
}

int main(void) {
    int ends[2];
    char byte;
    epoll = epoll_create1(0);
    CHECK(pipe(ends) == 0);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = 1};
    pthread_t thread = blocked();
    CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &event) == 0 && write(ends[1], "x", 1) == 1);
    printf("%ld\n", (long)join(thread));
    CHECK(read(ends[0], &byte, 1) == 1);
    thread = blocked();
    event.data.u32 = 2;
    event.events = EPOLLOUT;
    CHECK(epoll_ctl(epoll, EPOLL_CTL_ADD, ends[1], &event) == 0);
    printf("%ld\n", (long)join(thread));
    event.events = 0;
    CHECK(epoll_ctl(epoll, EPOLL_CTL_MOD, ends[1], &event) == 0);
    thread = blocked();
    event.events = EPOLLOUT;
    CHECK(epoll_ctl(epoll, EPOLL_CTL_MOD, ends[1], &event) == 0);
    printf("%ld\n", (long)join(thread));
    event.events = 0;
    CHECK(epoll_ctl(epoll, EPOLL_CTL_MOD, ends[1], &event) == 0);
    int64_t start = now_ns(CLOCK_MONOTONIC);
    CHECK_EQ(epoll_wait(epoll, &event, 1, 30), 0);
    CHECK(now_ns(CLOCK_MONOTONIC) - start >= 30000000);
    struct timespec t = {0, 1000000};
    CHECK_EQ(raw(441 /* epoll_pwait2 */, epoll, &event, 1, &t, NULL, 0), 0);
}
