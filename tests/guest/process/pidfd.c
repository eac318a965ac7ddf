// pidfd_open and pidfd_send_signal: a process by descriptor, alive and ended; what they refuse.
#include "../test.h"

static volatile int got, code;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)context;
    got = signal;
    code = info->si_code;
}

int main(void) {
    pid_t child = fork_child();
    if (child == 0)
        for (;;) pause();
    int pidfd = (int)raw(SYS_pidfd_open, child, 0);
    CHECK(pidfd >= 0);
    CHECK_EQ(fcntl(pidfd, F_GETFD), FD_CLOEXEC);
    CHECK_EQ(raw(SYS_pidfd_open, child, 1), -EINVAL);
    CHECK_EQ(raw(SYS_pidfd_open, 0, 0), -EINVAL);
    CHECK_EQ(raw(SYS_pidfd_open, -1, 0), -EINVAL);
    CHECK_EQ(raw(SYS_pidfd_open, 0x7ffffff0, 0), -ESRCH);
    CHECK_EQ(raw(SYS_pidfd_send_signal, pidfd, 0, NULL, 0), 0);
    CHECK_EQ(raw(SYS_pidfd_send_signal, pidfd, 65, NULL, 0), -EINVAL);
    CHECK_EQ(raw(SYS_pidfd_send_signal, pidfd, 0, NULL, 0x100), -EINVAL);
    CHECK_EQ(raw(SYS_pidfd_send_signal, 999, 0, NULL, 0), -EBADF);
    CHECK_EQ(raw(SYS_pidfd_send_signal, file_with("f", "x", 1), 0, NULL, 0), -EBADF);
    siginfo_t info = {.si_signo = SIGUSR2, .si_code = SI_QUEUE};
    CHECK_EQ(raw(SYS_pidfd_send_signal, pidfd, SIGUSR1, &info, 0), -EINVAL);
    char byte;
    CHECK_ERRNO(read(pidfd, &byte, 1), EINVAL);
    CHECK_EQ(raw(SYS_pidfd_send_signal, pidfd, SIGTERM, NULL, 0), 0);
    CHECK_DIES(child, SIGTERM);
    CHECK_EQ(raw(SYS_pidfd_send_signal, pidfd, 0, NULL, 0), -ESRCH);
    CHECK_EQ(raw(SYS_pidfd_open, child, 0), -ESRCH);
    handle(SIGUSR1, on_signal, 0);
    int own = (int)raw(SYS_pidfd_open, getpid(), 0);
    CHECK_EQ(raw(SYS_pidfd_send_signal, own, SIGUSR1, NULL, 0), 0);
    CHECK(got == SIGUSR1 && code == SI_USER);
    puts("ok");
}
