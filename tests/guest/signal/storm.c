// A fast interval timer during system calls and computation loses and corrupts nothing.
#include "../test.h"
#include <sys/time.h>

static volatile long ticks;

static void on_alarm(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    ticks++;
    errno = 99;
}

int main(void) {
    handle(SIGALRM, on_alarm, SA_RESTART);
    struct itimerval timer = {.it_value = {0, 200}, .it_interval = {0, 200}};
    CHECK(setitimer(ITIMER_REAL, &timer, NULL) == 0);
    int ends[2];
    CHECK(pipe(ends) == 0);
    unsigned long sum = 0;
    for (unsigned i = 0; ticks < 500; i++) {
        unsigned value = i * 2654435761u, back = 0;
        CHECK(raw(SYS_write, ends[1], &value, 4) == 4);
        CHECK(raw(SYS_read, ends[0], &back, 4) == 4);
        CHECK_EQ(value, back);
        for (int j = 0; j < 100; j++) sum = sum * 6364136223846793005UL + value;
    }
    CHECK(setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL) == 0);
    CHECK(sum != 0);
    puts("ok");
}
