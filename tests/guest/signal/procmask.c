// Blocking, unblocking, replacing; KILL and STOP never blocked; a pending signal comes at the unblock.
#include "../test.h"

static volatile int handled;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)info, (void)context;
    handled = handled * 100 + signal;
}

int main(void) {
    sigset_t set = set_of(SIGUSR1), old, pending;
    handle(SIGUSR1, on_signal, 0);
    CHECK(sigprocmask(SIG_BLOCK, &set, &old) == 0);
    CHECK(!sigismember(&old, SIGUSR1));
    CHECK(raise(SIGUSR1) == 0 && raise(SIGUSR1) == 0);
    CHECK_EQ(handled, 0);
    CHECK(sigpending(&pending) == 0);
    CHECK(sigismember(&pending, SIGUSR1) && !sigismember(&pending, SIGUSR2));
    CHECK(sigprocmask(SIG_UNBLOCK, &set, NULL) == 0);
    CHECK_EQ(handled, SIGUSR1);
    sigfillset(&set);
    CHECK(sigprocmask(SIG_SETMASK, &set, NULL) == 0);
    CHECK(sigprocmask(SIG_BLOCK, NULL, &old) == 0);
    printf("%d %d %d\n", sigismember(&old, SIGKILL), sigismember(&old, SIGSTOP), sigismember(&old, SIGTERM));
    uint64_t mask = 0;
    CHECK_EQ(raw(SYS_rt_sigprocmask, 7, &mask, NULL, 8), -EINVAL);
    CHECK_EQ(raw(SYS_rt_sigprocmask, 0, &mask, NULL, 4), -EINVAL);
    CHECK_EQ(raw(SYS_rt_sigprocmask, 0, 8, NULL, 8), -EFAULT);
    CHECK_EQ(raw(SYS_rt_sigprocmask, 99, NULL, &mask, 8), 0);
    CHECK_EQ(raw(SYS_rt_sigpending, &mask, 9), -EINVAL);
}
