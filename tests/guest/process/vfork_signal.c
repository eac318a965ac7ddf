// A handler of the parent does not run while the parent waits for its vfork child; it runs afterwards.
#include "../test.h"

static volatile int handled, handler_process;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    handler_process = (int)raw(SYS_getpid);
    handled++;
}

int main(void) {
    pid_t parent = getpid();
    handle(SIGUSR1, on_signal, 0);
    pid_t child = vfork();
    if (child == 0) {
        raw(SYS_kill, parent, SIGUSR1);
        for (int i = 0; i < 20; i++) sched_yield();
        _exit(handled ? 1 : 0);
    }
    CHECK_EQ(handled, 1);
    CHECK_EQ(handler_process, parent);
    CHECK_EXITS(child, 0);
    puts("ok");
}
