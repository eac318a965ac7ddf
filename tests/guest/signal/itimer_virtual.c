// ITIMER_VIRTUAL and ITIMER_PROF count processor time and interrupt a computing loop.
#include "../test.h"
#include <sys/time.h>

static volatile int got;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)info, (void)context;
    got = signal;
}

static void spin(int which, int signal) {
    struct itimerval timer = {.it_value = {0, 30000}};
    got = 0;
    handle(signal, on_signal, 0);
    CHECK(setitimer(which, &timer, NULL) == 0);
    while (!got) __asm__ volatile("pause");
    printf("%d\n", got);
}

int main(void) {
    spin(ITIMER_VIRTUAL, SIGVTALRM);
    spin(ITIMER_PROF, SIGPROF);
}
