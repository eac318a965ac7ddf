// alarm and setitimer: one shot, intervals, the remaining time, and cancelling.
#include "../test.h"
#include <sys/time.h>

static volatile int ticks;

static void on_alarm(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)context;
    CHECK_EQ(info->si_code, SI_KERNEL);
    ticks++;
}

int main(void) {
    handle(SIGALRM, on_alarm, 0);
    struct itimerval timer = {.it_value = {0, 20000}}, old;
    CHECK(setitimer(ITIMER_REAL, &timer, NULL) == 0);
    pause();
    CHECK_EQ(ticks, 1);
    timer.it_interval.tv_usec = 5000;
    CHECK(setitimer(ITIMER_REAL, &timer, NULL) == 0);
    while (ticks < 6) pause();
    CHECK(getitimer(ITIMER_REAL, &old) == 0);
    CHECK_EQ(old.it_interval.tv_usec, 5000);
    CHECK(setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL) == 0);
    CHECK_EQ(alarm(100), 0);
    CHECK_EQ(alarm(0), 100);
    CHECK_EQ(alarm(0), 0);
    timer = (struct itimerval){.it_value = {0, 1000000}};
    CHECK_ERRNO(setitimer(ITIMER_REAL, &timer, NULL), EINVAL);
    CHECK_ERRNO(setitimer(9, &(struct itimerval){0}, NULL), EINVAL);
    CHECK_ERRNO(getitimer(9, &old), EINVAL);
    puts("ok");
}
