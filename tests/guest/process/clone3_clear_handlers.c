// CLONE_CLEAR_SIGHAND: handled signals are at their default in the child, ignored ones stay ignored.
#include "../test.h"
#include <linux/sched.h>

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
}

int main(void) {
    struct sigaction action;
    handle(SIGUSR1, on_signal, 0);
    signal(SIGHUP, SIG_IGN);
    struct clone_args args = {.flags = CLONE_CLEAR_SIGHAND, .exit_signal = SIGCHLD};
    long child = raw(SYS_clone3, &args, sizeof args);
    if (child == 0) {
        CHECK(sigaction(SIGUSR1, NULL, &action) == 0 && action.sa_handler == SIG_DFL);
        CHECK(sigaction(SIGHUP, NULL, &action) == 0 && action.sa_handler == SIG_IGN);
        raw(SYS_exit_group, 40);
    }
    CHECK(child > 0);
    CHECK_EXITS((pid_t)child, 40);
    CHECK(sigaction(SIGUSR1, NULL, &action) == 0 && action.sa_sigaction == on_signal);
    args.flags |= CLONE_VM | CLONE_SIGHAND;
    CHECK_EQ(raw(SYS_clone3, &args, sizeof args), -EINVAL);
    puts("ok");
}
