// Each thread has its own FS base; it survives system calls, blocking and switches between threads.
#include "../test.h"
#include <asm/prctl.h>

static __thread long marker;

static void *body(void *argument) {
    unsigned long base, again;
    marker = (long)argument;
    CHECK_EQ(raw(SYS_arch_prctl, ARCH_GET_FS, &base), 0);
    CHECK_EQ(base, (unsigned long)pthread_self());
    for (int i = 0; i < 2000; i++) {
        raw(SYS_sched_yield);
        if (i % 500 == 0) sleep_ms(1);
        CHECK_EQ(marker, (long)argument);
    }
    CHECK_EQ(raw(SYS_arch_prctl, ARCH_GET_FS, &again), 0);
    CHECK_EQ(base, again);
    return NULL;
}

int main(void) {
    pthread_t threads[6];
    for (long i = 0; i < 6; i++) threads[i] = spawn(body, (void *)(i + 10));
    for (long i = 0; i < 6; i++) join(threads[i]);
    puts("ok");
}
