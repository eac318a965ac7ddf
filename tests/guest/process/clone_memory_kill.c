// A CLONE_VM child that is killed, or that faults, takes only itself along.
#include "../test.h"

static _Atomic int alive;
static pid_t parent;

static int stay(void *unused) {
    (void)unused;
    while (raw(SYS_getppid) == parent) {
        alive++;
        raw(SYS_sched_yield);
    }
    return 1;
}

static int fault(void *unused) {
    (void)unused;
    *(volatile char *)16 = 1;
    return 0;
}

int main(void) {
    parent = getpid();
    char *stack = map_pages(16);
    pid_t child = clone(stay, stack + 16 * PAGE, CLONE_VM | SIGCHLD, NULL);
    CHECK(child > 0);
    while (alive < 10) raw(SYS_sched_yield);
    CHECK(kill(child, SIGKILL) == 0);
    CHECK_DIES(child, SIGKILL);
    child = clone(fault, stack + 16 * PAGE, CLONE_VM | SIGCHLD, NULL);
    CHECK(child > 0);
    CHECK_DIES(child, SIGSEGV);
    puts("ok");
}
