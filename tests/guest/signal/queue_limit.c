// A real-time signal beyond RLIMIT_SIGPENDING is EAGAIN for its sender; an ordinary one still gets through.
#include "../test.h"
#include <sys/resource.h>

static volatile int got;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    got++;
}

int main(void) {
    sigset_t set = set_of(SIGRTMIN);
    sigaddset(&set, SIGUSR1);
    struct rlimit limit;
    handle(SIGRTMIN, on_signal, 0);
    handle(SIGUSR1, on_signal, 0);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0 && getrlimit(RLIMIT_SIGPENDING, &limit) == 0);
    limit.rlim_cur = 0;
    CHECK(setrlimit(RLIMIT_SIGPENDING, &limit) == 0);
    CHECK_ERRNO(sigqueue(getpid(), SIGRTMIN, (union sigval){0}), EAGAIN);
    CHECK(kill(getpid(), SIGUSR1) == 0);
    CHECK(sigprocmask(SIG_UNBLOCK, &set, NULL) == 0);
    printf("%d\n", got);
}
