// CLONE_SIGHAND with CLONE_VM: the table of handlers is shared, masks and pending signals are not.
#include "../test.h"

static volatile int got;
static _Atomic int stage;
static pid_t parent;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)info, (void)context;
    got = signal;
}

static int body(void *unused) {
    (void)unused;
    sigset_t set = set_of(SIGUSR2);
    CHECK_EQ(raw(SYS_rt_sigprocmask, SIG_BLOCK, &set, NULL, 8), 0);
    handle(SIGUSR1, on_signal, 0);
    stage = 1;
    while (stage != 2 && raw(SYS_getppid) == parent) raw(SYS_sched_yield);
    return 0;
}

int main(void) {
    struct sigaction action;
    sigset_t now;
    parent = getpid();
    char *stack = map_pages(16);
    pid_t child = clone(body, stack + 16 * PAGE, CLONE_VM | CLONE_SIGHAND | SIGCHLD, NULL);
    CHECK(child > 0);
    while (stage != 1) raw(SYS_sched_yield);
    CHECK(sigaction(SIGUSR1, NULL, &action) == 0 && action.sa_sigaction == on_signal);
    CHECK(sigprocmask(SIG_BLOCK, NULL, &now) == 0 && !sigismember(&now, SIGUSR2));
    CHECK(kill(child, SIGUSR2) == 0);
    CHECK_EQ(got, 0);
    CHECK(raise(SIGUSR1) == 0);
    CHECK_EQ(got, SIGUSR1);
    stage = 2;
    CHECK_EXITS(child, 0);
    puts("ok");
}
