// Nobody can send another process a signal that claims to come from the kernel, from kill or from tgkill.
#include "../test.h"

int main(void) {
    sigset_t set = set_of(SIGUSR1);
    siginfo_t info = {.si_signo = SIGUSR1};
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    pid_t child = fork_child();
    if (child == 0) {
        CHECK_EQ(sigwaitinfo(&set, &info), SIGUSR1);
        CHECK_EQ(info.si_code, -77);
        CHECK_EQ(info.si_pid, 4242);
        _exit(0);
    }
    int forbidden[] = {SI_USER, SI_KERNEL, SI_TKILL, CLD_EXITED};
    for (size_t i = 0; i < COUNT(forbidden); i++) {
        info.si_code = forbidden[i];
        CHECK_EQ(raw(SYS_rt_sigqueueinfo, child, SIGUSR1, &info), -EPERM);
        CHECK_EQ(raw(SYS_rt_tgsigqueueinfo, child, child, SIGUSR1, &info), -EPERM);
    }
    info.si_code = -77;
    info.si_pid = 4242;
    CHECK_EQ(raw(SYS_rt_sigqueueinfo, child, SIGUSR1, &info), 0);
    CHECK_EXITS(child, 0);
    puts("ok");
}
