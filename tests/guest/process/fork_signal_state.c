// Signal mask, handlers, ignored signals and the alternate stack are inherited, and then separate.
#include "../test.h"

static volatile int got;
static char alternate[65536];
static char *volatile stack_seen;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)info, (void)context;
    stack_seen = __builtin_frame_address(0);
    got = signal;
}

int main(void) {
    sigset_t set = set_of(SIGUSR2), now;
    struct sigaction action;
    stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate}, other;
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0 && sigaltstack(&stack, NULL) == 0);
    handle(SIGUSR1, on_signal, SA_ONSTACK);
    signal(SIGHUP, SIG_IGN);
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(sigprocmask(SIG_BLOCK, NULL, &now) == 0);
        CHECK(sigismember(&now, SIGUSR2) == 1 && sigismember(&now, SIGUSR1) == 0);
        CHECK(sigaltstack(NULL, &other) == 0);
        CHECK(other.ss_sp == alternate && other.ss_size == sizeof alternate && other.ss_flags == 0);
        CHECK(raise(SIGHUP) == 0 && raise(SIGUSR1) == 0);
        CHECK_EQ(got, SIGUSR1);
        CHECK(stack_seen >= alternate && stack_seen < alternate + sizeof alternate);
        signal(SIGHUP, SIG_DFL);
        signal(SIGUSR1, SIG_DFL);
        CHECK(sigprocmask(SIG_UNBLOCK, &set, NULL) == 0);
        stack.ss_flags = SS_DISABLE;
        CHECK(sigaltstack(&stack, NULL) == 0);
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    CHECK(sigaction(SIGUSR1, NULL, &action) == 0 && action.sa_sigaction == on_signal && action.sa_flags & SA_ONSTACK);
    CHECK(sigaction(SIGHUP, NULL, &action) == 0 && action.sa_handler == SIG_IGN);
    CHECK(sigprocmask(SIG_BLOCK, NULL, &now) == 0 && sigismember(&now, SIGUSR2) == 1);
    CHECK(sigaltstack(NULL, &other) == 0 && other.ss_flags == 0);
    CHECK_EQ(got, 0);
    puts("ok");
}
