// SA_NOCLDWAIT: children leave no trace, wait blocks until the last has gone and gives ECHILD, SIGCHLD still comes.
#include "../test.h"

static volatile int signals, code;

static void on_child(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)context;
    code = info->si_status;
    signals++;
}

int main(void) {
    struct gate gate = new_gate();
    handle(SIGCHLD, on_child, SA_NOCLDWAIT | SA_RESTART);
    pid_t child = fork_child();
    if (child == 0) {
        pass_gate(gate);
        _exit(14);
    }
    CHECK_EQ(waitpid(child, NULL, WNOHANG), 0);
    open_gate(gate);
    CHECK_ERRNO(waitpid(child, NULL, 0), ECHILD);
    CHECK(signals == 1 && code == 14);
    while (kill(child, 0) == 0) sched_yield();
    CHECK_EQ(errno, ESRCH);
    puts("ok");
}
