// sigaction returns what was there before; SIGKILL and SIGSTOP cannot be handled; bad numbers are EINVAL.
#include "../test.h"

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
}

int main(void) {
    struct sigaction action, old;
    CHECK(sigaction(SIGUSR1, NULL, &old) == 0);
    CHECK(old.sa_handler == SIG_DFL);
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_signal;
    action.sa_flags = SA_SIGINFO | SA_RESTART | SA_NODEFER;
    sigaddset(&action.sa_mask, SIGUSR2);
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    CHECK(sigaction(SIGUSR1, NULL, &old) == 0);
    CHECK(old.sa_sigaction == on_signal);
    CHECK((old.sa_flags & (SA_SIGINFO | SA_RESTART | SA_NODEFER)) == (SA_SIGINFO | SA_RESTART | SA_NODEFER));
    CHECK(sigismember(&old.sa_mask, SIGUSR2) && !sigismember(&old.sa_mask, SIGUSR1));
    CHECK_ERRNO(sigaction(SIGKILL, &action, NULL), EINVAL);
    CHECK_ERRNO(sigaction(SIGSTOP, &action, NULL), EINVAL);
    CHECK(sigaction(SIGKILL, NULL, &old) == 0);
    char kernel[32] = {0};
    CHECK_EQ(raw(SYS_rt_sigaction, 0, kernel, NULL, 8), -EINVAL);
    CHECK_EQ(raw(SYS_rt_sigaction, 65, kernel, NULL, 8), -EINVAL);
    CHECK_EQ(raw(SYS_rt_sigaction, SIGUSR2, kernel, NULL, 16), -EINVAL);
    CHECK_EQ(raw(SYS_rt_sigaction, SIGUSR2, 8, NULL, 8), -EFAULT);
    CHECK_EQ(raw(SYS_rt_sigaction, 64, kernel, NULL, 8), 0);
    puts("ok");
}
