// clone with CLONE_VM and CLONE_VFORK and its own stack, as posix_spawn uses it: the parent waits for the end.
#include "../test.h"

static volatile int written;

static int body(void *unused) {
    (void)unused;
    for (int i = 0; i < 20; i++) {
        raw(SYS_sched_yield);
        written++;
    }
    return 3;
}

int main(void) {
    char *stack = map_pages(16);
    for (int i = 0; i < 10; i++) {
        written = 0;
        pid_t child = clone(body, stack + 16 * PAGE, CLONE_VM | CLONE_VFORK | SIGCHLD, NULL);
        CHECK(child > 0);
        CHECK_EQ(written, 20);
        CHECK_EXITS(child, 3);
    }
    // Without CLONE_VM the child has a copy, and the parent waits all the same.
    struct gate gate = new_gate();
    long child = raw(SYS_clone, CLONE_VFORK | SIGCHLD, 0, 0, 0, 0);
    if (child == 0) {
        written = 99;
        open_gate(gate);
        raw(SYS_exit_group, 4);
    }
    CHECK_EQ(written, 20);
    CHECK(fcntl(gate.ends[0], F_SETFL, O_NONBLOCK) == 0);
    pass_gate(gate);
    CHECK_EXITS((pid_t)child, 4);
    puts("ok");
}
