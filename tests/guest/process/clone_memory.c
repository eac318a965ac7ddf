// clone with CLONE_VM and its own stack, no thread: memory is shared, the process is another one.
#include "../test.h"

static _Atomic int shared, go;
static _Atomic long child_pid, child_parent;

static int body(void *argument) {
    child_pid = raw(SYS_getpid);
    child_parent = raw(SYS_getppid);
    shared = *(int *)argument;
    while (!go && raw(SYS_getppid) == child_parent) raw(SYS_sched_yield);
    return 19;
}

int main(void) {
    int value = 55;
    char *stack = map_pages(16);
    pid_t child = clone(body, stack + 16 * PAGE, CLONE_VM | SIGCHLD, &value);
    CHECK(child > 0);
    while (shared != 55) raw(SYS_sched_yield);
    CHECK_EQ(child_pid, child);
    CHECK_EQ(child_parent, getpid());
    go = 1;
    CHECK_EXITS(child, 19);
    puts("ok");
}
