// ends: exit 7
// When each thread leaves by the plain exit call, the process ends with the code of the last one.
#include "../test.h"

static _Atomic int child_leaves;

static void *body(void *unused) {
    while (!child_leaves) sched_yield();
    raw(SYS_exit, 7);
    return unused;
}

int main(void) {
    spawn(body, NULL);
    child_leaves = 1;
    sleep_ms(1);
    raw(SYS_exit, 7);
}
