// Alarms, interval timers and POSIX timers stay with the parent.
#include "../test.h"
#include <sys/time.h>

int main(void) {
    struct itimerval timer = {.it_value = {1000, 0}}, now;
    timer_t posix;
    struct itimerspec spec = {.it_value = {1000, 0}};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    CHECK(setitimer(ITIMER_VIRTUAL, &timer, NULL) == 0 && setitimer(ITIMER_PROF, &timer, NULL) == 0);
    CHECK(setitimer(ITIMER_REAL, &timer, NULL) == 0);
    CHECK(timer_create(CLOCK_MONOTONIC, &event, &posix) == 0 && timer_settime(posix, 0, &spec, NULL) == 0);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        CHECK_EQ(alarm(8), 0);
        CHECK(getitimer(ITIMER_VIRTUAL, &now) == 0 && now.it_value.tv_sec == 0 && now.it_value.tv_usec == 0);
        CHECK(getitimer(ITIMER_PROF, &now) == 0 && now.it_value.tv_sec == 0 && now.it_value.tv_usec == 0);
        CHECK_ERRNO(timer_gettime(posix, &spec), EINVAL);
        CHECK_ERRNO(timer_delete(posix), EINVAL);
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    CHECK(getitimer(ITIMER_REAL, &now) == 0 && now.it_value.tv_sec > 900);
    CHECK(getitimer(ITIMER_VIRTUAL, &now) == 0 && now.it_value.tv_sec > 900);
    CHECK(timer_gettime(posix, &spec) == 0 && spec.it_value.tv_sec > 900);
    CHECK(timer_delete(posix) == 0);
    puts("ok");
}
