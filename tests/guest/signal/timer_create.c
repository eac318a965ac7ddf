// POSIX timers: a signal with its value and SI_TIMER, the settings read back, the overrun, deletion.
#include "../test.h"

static volatile int count, value, code;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)context;
    count++;
    value = info->si_value.sival_int;
    code = info->si_code;
}

int main(void) {
    timer_t timer;
    handle(SIGRTMIN, on_signal, 0);
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN, .sigev_value.sival_int = 31};
    CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
    struct itimerspec soon = {.it_value = {0, 10000000}, .it_interval = {0, 5000000}}, now;
    CHECK(timer_settime(timer, 0, &soon, NULL) == 0);
    while (count < 3) pause();
    printf("%d %d\n", value, code == SI_TIMER);
    CHECK(timer_gettime(timer, &now) == 0);
    CHECK_EQ(now.it_interval.tv_nsec, 5000000);
    CHECK(timer_getoverrun(timer) >= 0);
    CHECK(timer_settime(timer, 0, &(struct itimerspec){0}, NULL) == 0);
    CHECK(timer_gettime(timer, &now) == 0);
    CHECK_EQ(now.it_value.tv_nsec, 0);
    soon.it_value.tv_nsec = 1000000000;
    CHECK_ERRNO(timer_settime(timer, 0, &soon, NULL), EINVAL);
    CHECK(timer_delete(timer) == 0);
    CHECK_EQ(raw(SYS_timer_delete, 12345), -EINVAL);
    CHECK_ERRNO(timer_create(77, &event, &timer), EINVAL);
}
