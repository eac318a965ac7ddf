// A child that computes and makes no system call is reached by handlers, stops and kills.
#include "../test.h"

static _Atomic int *handled;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    (*handled)++;
}

int main(void) {
    handled = shared_pages(1);
    struct gate ready = new_gate();
    pid_t child = fork_child();
    if (child == 0) {
        handle(SIGUSR1, on_signal, 0);
        open_gate(ready);
        for (volatile unsigned long i = 0;; i++) {
        }
    }
    pass_gate(ready);
    for (int i = 1; i <= 20; i++) {
        CHECK(kill(child, SIGUSR1) == 0);
        while (*handled < i) sched_yield();
    }
    CHECK_EQ(*handled, 20);
    CHECK(kill(child, SIGTERM) == 0);
    CHECK_DIES(child, SIGTERM);
    puts("ok");
}
