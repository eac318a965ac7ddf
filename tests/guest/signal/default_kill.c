// ends: signal 15
// The default action of SIGTERM, sent to the process while the first thread waits and another computes.
#include "../test.h"

static void *compute(void *unused) {
    for (;;) __asm__ volatile("pause");
    return unused;
}

int main(void) {
    puts("before");
    fflush(stdout);
    spawn(compute, NULL);
    kill(getpid(), SIGTERM);
    for (;;) pause();
}
