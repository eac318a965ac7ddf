// The siginfo of kill, tgkill, sigqueue and raise: code, sender and value.
#include "../test.h"
#include <sys/syscall.h>

static volatile siginfo_t last;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)context;
    last = *info;
}

static void show(const char *how) {
    CHECK_EQ(last.si_pid, getpid());
    CHECK_EQ(last.si_uid, getuid());
    printf("%s: signo %d code %d errno %d\n", how, last.si_signo, last.si_code, last.si_errno);
}

int main(void) {
    handle(SIGUSR1, on_signal, 0);
    handle(SIGRTMIN + 1, on_signal, 0);
    CHECK(kill(getpid(), SIGUSR1) == 0);
    show("kill");
    CHECK(raw(SYS_tgkill, getpid(), gettid(), SIGUSR1) == 0);
    show("tgkill");
    CHECK(raw(SYS_tkill, gettid(), SIGUSR1) == 0);
    show("tkill");
    CHECK(sigqueue(getpid(), SIGRTMIN + 1, (union sigval){.sival_int = 77}) == 0);
    show("sigqueue");
    printf("%d\n", last.si_value.sival_int);
    CHECK(pthread_sigqueue(pthread_self(), SIGRTMIN + 1, (union sigval){.sival_int = 78}) == 0);
    printf("%d\n", last.si_value.sival_int);
}
