// poll, select, epoll_wait, nanosleep, sigtimedwait and pause return EINTR even with SA_RESTART.
// A sleep says what was left of it, which may exceed the request by the timer slack.
#include "../test.h"
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>

static int ends[2], epoll;
static _Atomic int tid, handled;
static struct timespec rest;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    handled++;
}

static int wait_in(long which) {
    struct pollfd pollfd = {ends[0], POLLIN, 0};
    struct epoll_event event;
    struct timespec minute = {60, 0};
    struct timeval tv = {60, 0};
    sigset_t set = set_of(SIGUSR2);
    fd_set reads;
    FD_ZERO(&reads);
    FD_SET(ends[0], &reads);
    switch (which) {
    case 0: return poll(&pollfd, 1, -1);
    case 1: return ppoll(&pollfd, 1, &minute, NULL);
    case 2: return select(ends[0] + 1, &reads, NULL, NULL, &tv);
    case 3: return epoll_wait(epoll, &event, 1, -1);
    case 4: return nanosleep(&minute, &rest);
    case 5: return sigtimedwait(&set, NULL, &minute);
    case 6: return pause();
    case 7: return sigsuspend(&(sigset_t){0});
    default: errno = clock_nanosleep(CLOCK_MONOTONIC, 0, &minute, &rest); return errno ? -1 : 0;
    }
}

static void *body(void *which) {
    tid = gettid();
    CHECK_ERRNO(wait_in((long)which), EINTR);
    return NULL;
}

int main(void) {
    CHECK(pipe(ends) == 0);
    epoll = epoll_create1(0);
    handle(SIGUSR1, on_signal, SA_RESTART);
    for (long which = 0; which <= 8; which++) {
        tid = handled = 0;
        rest = (struct timespec){0};
        pthread_t thread = spawn(body, (void *)which);
        while (!tid) sched_yield();
        wait_until_asleep(tid);
        CHECK_ZERO(pthread_kill(thread, SIGUSR1));
        join(thread);
        CHECK_EQ(handled, 1);
        if (which == 4 || which == 8) CHECK(rest.tv_sec >= 40 && rest.tv_sec <= 60);
    }
    puts("ok");
}
