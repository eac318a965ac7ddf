// execve keeps interval timers and alarms and deletes POSIX timers.
#include "../test.h"
#include <sys/time.h>

int main(int argc, char **argv) {
    struct itimerval now;
    if (argc > 1) {
        timer_t timer = (timer_t)atol(argv[1]);
        struct itimerspec spec;
        CHECK_ERRNO(timer_gettime(timer, &spec), EINVAL);
        CHECK(getitimer(ITIMER_VIRTUAL, &now) == 0 && now.it_value.tv_sec >= 900 && now.it_interval.tv_sec == 5);
        unsigned left = alarm(0);
        CHECK(left > 0 && left <= 8);
        return 6;
    }
    timer_t timer;
    char number[32];
    pid_t child = fork_child();
    if (child == 0) {
        struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
        CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
        CHECK(timer_settime(timer, 0, &(struct itimerspec){.it_value = {1000, 0}}, NULL) == 0);
        CHECK(setitimer(ITIMER_VIRTUAL, &(struct itimerval){{5, 0}, {1000, 0}}, NULL) == 0);
        snprintf(number, sizeof number, "%ld", (long)timer);
        execl(argv[0], argv[0], number, NULL);
        _exit(99);
    }
    CHECK_EXITS(child, 6);
    puts("ok");
}
