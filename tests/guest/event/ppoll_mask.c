// ppoll, pselect and epoll_pwait hold their mask for the wait only: a pending signal ends it, then the
// old mask is back. The raw call writes back the time that is left.
#include "../test.h"
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>

static volatile int handled;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    handled++;
}

static void after(int wanted) {
    sigset_t now;
    CHECK_EQ(handled, wanted);
    CHECK(sigprocmask(SIG_BLOCK, NULL, &now) == 0 && sigismember(&now, SIGUSR1));
}

int main(void) {
    sigset_t set = set_of(SIGUSR1), none = set_of(0);
    struct timespec minute = {60, 0};
    struct epoll_event event;
    handle(SIGUSR1, on_signal, SA_RESTART);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    raise(SIGUSR1);
    CHECK_EQ(ppoll(NULL, 0, &(struct timespec){0, 1000000}, &set), 0);
    CHECK_EQ(handled, 0);
    CHECK_ERRNO(ppoll(NULL, 0, &minute, &none), EINTR);
    after(1);
    raise(SIGUSR1);
    CHECK_ERRNO(pselect(0, NULL, NULL, NULL, &minute, &none), EINTR);
    after(2);
    raise(SIGUSR1);
    CHECK_ERRNO(epoll_pwait(epoll_create1(0), &event, 1, 60000, &none), EINTR);
    after(3);
    struct timespec left = {0, 5000000};
    CHECK_EQ(raw(SYS_ppoll, NULL, 0, &left, NULL, 8), 0);
    CHECK(left.tv_sec == 0 && left.tv_nsec == 0);
    CHECK_EQ(raw(SYS_ppoll, NULL, 0, &left, &none, 4), -EINVAL);
    CHECK_ERRNO(ppoll(NULL, 0, &(struct timespec){0, 1000000000}, NULL), EINVAL);
    CHECK_ERRNO(ppoll(NULL, 0, &(struct timespec){-1, 0}, NULL), EINVAL);
    puts("ok");
}
