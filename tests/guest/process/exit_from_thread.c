// ends: exit 42
// exit_group from a second thread ends them all, also the ones that compute and the ones that block.
#include "../test.h"

static void *compute(void *unused) {
    for (;;) __asm__ volatile("pause");
    return unused;
}

static void *leave(void *unused) {
    sleep_ms(20);
    raw(SYS_exit_group, 42);
    return unused;
}

int main(void) {
    int ends[2];
    char byte;
    CHECK(pipe(ends) == 0);
    spawn(compute, NULL);
    spawn(leave, NULL);
    return (int)read(ends[0], &byte, 1);
}
