// sigsuspend sets the mask for the wait only: what was pending runs, then the old mask is back.
#include "../test.h"

static volatile int handled;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    handled++;
}

int main(void) {
    sigset_t set = set_of(SIGUSR1), now, none = set_of(0);
    handle(SIGUSR1, on_signal, SA_RESTART);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    for (int i = 1; i <= 10; i++) {
        CHECK(raise(SIGUSR1) == 0);
        CHECK_EQ(handled, i - 1);
        CHECK_ERRNO(sigsuspend(&none), EINTR);
        CHECK_EQ(handled, i);
    }
    CHECK(sigprocmask(SIG_BLOCK, NULL, &now) == 0);
    printf("%d\n", sigismember(&now, SIGUSR1));
}
