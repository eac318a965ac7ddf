// Signal 0 probes; the numbers, processes and threads that kill and tgkill refuse.
#include "../test.h"

int main(void) {
    CHECK(kill(getpid(), 0) == 0);
    CHECK(kill(0, 0) == 0);
    CHECK_ERRNO(kill(getpid(), 65), EINVAL);
    CHECK_ERRNO(kill(getpid(), -1), EINVAL);
    CHECK_ERRNO(kill(0x7ffffff0, 0), ESRCH);
    CHECK_ERRNO(kill(-0x7ffffff0, SIGTERM), ESRCH);
    CHECK_EQ(raw(SYS_tgkill, getpid(), gettid(), 0), 0);
    CHECK_EQ(raw(SYS_tgkill, getpid(), 0x7ffffff0, 0), -ESRCH);
    CHECK_EQ(raw(SYS_tgkill, getpid(), 0, 0), -EINVAL);
    CHECK_EQ(raw(SYS_tgkill, -1, gettid(), 0), -EINVAL);
    CHECK_EQ(raw(SYS_tgkill, getpid(), gettid(), 65), -EINVAL);
    CHECK_EQ(raw(SYS_tkill, 0, 0), -EINVAL);
    siginfo_t forged = {.si_code = SI_USER};
    CHECK_EQ(raw(SYS_rt_sigqueueinfo, getpid(), 65, &forged), -EINVAL);
    CHECK_EQ(raw(SYS_rt_sigqueueinfo, getpid(), SIGUSR1, 8), -EFAULT);
    puts("ok");
}
