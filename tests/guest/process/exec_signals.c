// After execve handled signals are at their default, ignored ones stay ignored, mask and pending signals are
// kept, and there is no alternate stack.
#include "../test.h"

static char alternate[65536];

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
}

static int after(void) {
    struct sigaction action;
    sigset_t set, pending, queued = set_of(SIGRTMIN);
    stack_t stack;
    siginfo_t info;
    CHECK(sigaction(SIGUSR1, NULL, &action) == 0 && action.sa_handler == SIG_DFL);
    CHECK(sigaction(SIGHUP, NULL, &action) == 0 && action.sa_handler == SIG_IGN);
    CHECK(sigprocmask(SIG_BLOCK, NULL, &set) == 0);
    CHECK(sigismember(&set, SIGUSR2) && sigismember(&set, SIGRTMIN) && !sigismember(&set, SIGUSR1));
    CHECK(sigpending(&pending) == 0);
    CHECK(sigismember(&pending, SIGUSR2) && sigismember(&pending, SIGRTMIN));
    CHECK_EQ(sigtimedwait(&queued, &info, &(struct timespec){0, 0}), SIGRTMIN);
    CHECK_EQ(info.si_value.sival_int, 42);
    CHECK(sigaltstack(NULL, &stack) == 0 && stack.ss_flags == SS_DISABLE);
    return 9;
}

int main(int argc, char **argv) {
    if (argc > 1) return after();
    stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate};
    sigset_t set = set_of(SIGUSR2);
    sigaddset(&set, SIGRTMIN);
    CHECK(sigaltstack(&stack, NULL) == 0 && sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    handle(SIGUSR1, on_signal, SA_ONSTACK);
    signal(SIGHUP, SIG_IGN);
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(kill(getpid(), SIGUSR2) == 0 && sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 42}) == 0);
        execl(argv[0], argv[0], "again", NULL);
        _exit(99);
    }
    CHECK_EXITS(child, 9);
    puts("ok");
}
