// A child's POSIX timers and CPU-time timer work: one signals it, the other ends it.
#include "../test.h"
#include <sys/time.h>

int main(void) {
    sigset_t set = set_of(SIGUSR1);
    siginfo_t info;
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    pid_t child = fork_child();
    if (child == 0) {
        timer_t timer;
        struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_int = 55};
        CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
        CHECK(timer_settime(timer, 0, &(struct itimerspec){.it_value = {0, 5000000}}, NULL) == 0);
        CHECK_EQ(sigwaitinfo(&set, &info), SIGUSR1);
        CHECK(info.si_code == SI_TIMER && info.si_value.sival_int == 55);
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    child = fork_child();
    if (child == 0) {
        CHECK(setitimer(ITIMER_VIRTUAL, &(struct itimerval){.it_value = {0, 20000}}, NULL) == 0);
        for (;;) __asm__ volatile("pause");
    }
    CHECK_DIES(child, SIGVTALRM);
    puts("ok");
}
