// sigwait, sigwaitinfo and sigtimedwait take pending signals without a handler.
#include "../test.h"

static _Atomic int tid;

static void *body(void *unused) {
    sigset_t set = set_of(SIGUSR1);
    siginfo_t info;
    (void)unused;
    tid = gettid();
    CHECK_EQ(sigwaitinfo(&set, &info), SIGUSR1);
    return (void *)(long)info.si_code;
}

int main(void) {
    sigset_t set = set_of(SIGUSR1);
    sigaddset(&set, SIGRTMIN);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    struct timespec zero = {0, 0}, short_time = {0, 20000000}, bad = {0, 1000000000};
    siginfo_t info;
    int signal;
    CHECK_ERRNO(sigtimedwait(&set, &info, &zero), EAGAIN);
    CHECK_ERRNO(sigtimedwait(&set, &info, &short_time), EAGAIN);
    CHECK_ERRNO(sigtimedwait(&set, &info, &bad), EINVAL);
    CHECK(raise(SIGUSR1) == 0);
    CHECK_ZERO(sigwait(&set, &signal));
    CHECK_EQ(signal, SIGUSR1);
    CHECK(sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 9}) == 0);
    CHECK_EQ(sigtimedwait(&set, &info, NULL), SIGRTMIN);
    printf("%d %d\n", info.si_value.sival_int, info.si_code == SI_QUEUE);
    pthread_t thread = spawn(body, NULL);
    while (!tid) sched_yield();
    wait_until_asleep(tid);
    CHECK_ZERO(pthread_kill(thread, SIGUSR1));
    printf("%d\n", (long)join(thread) == SI_TKILL);
}
