// Each process has its own alarm: the child's rings in the child, the parent's in the parent.
#include "../test.h"
#include <sys/time.h>

static volatile int rang;

static void on_alarm(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    rang++;
}

int main(void) {
    handle(SIGALRM, on_alarm, SA_RESTART);
    sigset_t set = set_of(SIGALRM), old;
    CHECK(sigprocmask(SIG_BLOCK, &set, &old) == 0);
    struct itimerval soon = {.it_value = {0, 20000}};
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        CHECK(setitimer(ITIMER_REAL, &soon, NULL) == 0);
        while (!rang) sigsuspend(&old);
        CHECK_EQ(rang, 1);
        CHECK_EQ(alarm(0), 0);
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    CHECK(sigpending(&set) == 0 && !sigismember(&set, SIGALRM));
    CHECK_EQ(rang, 0);
    CHECK(setitimer(ITIMER_REAL, &soon, NULL) == 0);
    child = fork();
    if (child == 0) {
        sleep_ms(40);
        CHECK(sigpending(&set) == 0 && !sigismember(&set, SIGALRM));
        _exit(0);
    }
    while (!rang) sigsuspend(&old);
    CHECK_EQ(rang, 1);
    CHECK_EXITS(child, 0);
    puts("ok");
}
