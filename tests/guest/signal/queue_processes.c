// sigqueue to another process: value, sender, user and code arrive; so do those of kill and tgkill.
#include "../test.h"

int main(void) {
    sigset_t set = set_of(SIGUSR1);
    siginfo_t info;
    pid_t parent = getpid();
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    pid_t child = fork_child();
    if (child == 0) {
        CHECK_EQ(sigwaitinfo(&set, &info), SIGUSR1);
        CHECK(info.si_code == SI_QUEUE && info.si_value.sival_int == 1234);
        CHECK(info.si_pid == parent && info.si_uid == getuid());
        CHECK(sigqueue(parent, SIGUSR1, (union sigval){.sival_ptr = (void *)0x123456789abc}) == 0);
        CHECK_EQ(sigwaitinfo(&set, &info), SIGUSR1);
        CHECK(info.si_code == SI_USER && info.si_pid == parent && info.si_uid == getuid());
        CHECK(kill(parent, SIGUSR1) == 0);
        // The C library shows SI_TKILL as SI_USER here.
        CHECK_EQ(raw(SYS_rt_sigtimedwait, &set, &info, NULL, 8), SIGUSR1);
        CHECK_EQ(info.si_code, SI_TKILL);
        CHECK_EQ(info.si_pid, parent);
        _exit(0);
    }
    CHECK(sigqueue(child, SIGUSR1, (union sigval){.sival_int = 1234}) == 0);
    CHECK_EQ(sigwaitinfo(&set, &info), SIGUSR1);
    CHECK(info.si_code == SI_QUEUE && info.si_pid == child && info.si_value.sival_ptr == (void *)0x123456789abc);
    CHECK(kill(child, SIGUSR1) == 0);
    CHECK_EQ(sigwaitinfo(&set, &info), SIGUSR1);
    CHECK(info.si_code == SI_USER && info.si_pid == child);
    CHECK_EQ(raw(SYS_tgkill, child, child, SIGUSR1), 0);
    CHECK_EXITS(child, 0);
    puts("ok");
}
