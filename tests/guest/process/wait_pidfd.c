// waitid by pidfd; what is no pidfd is refused; one opened with PIDFD_NONBLOCK does not block.
#include "../test.h"
#ifndef P_PIDFD
#define P_PIDFD 3
#endif

int main(void) {
    siginfo_t info;
    struct gate gate = new_gate();
    pid_t child = fork_child();
    if (child == 0) {
        pass_gate(gate);
        _exit(8);
    }
    int pidfd = (int)raw(SYS_pidfd_open, child, 0), patient = (int)raw(SYS_pidfd_open, child, O_NONBLOCK);
    CHECK(pidfd >= 0 && patient >= 0);
    CHECK(fcntl(patient, F_GETFL) & O_NONBLOCK);
    info.si_pid = 1;
    CHECK(waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED | WNOHANG) == 0 && info.si_pid == 0);
    CHECK_ERRNO(waitid(P_PIDFD, (id_t)patient, &info, WEXITED), EAGAIN);
    CHECK_ERRNO(waitid(P_PIDFD, (id_t)gate.ends[0], &info, WEXITED), EBADF);
    CHECK_ERRNO(waitid(P_PIDFD, 999, &info, WEXITED), EBADF);
    CHECK_ERRNO(waitid(P_PIDFD, (id_t)-1, &info, WEXITED), EINVAL);
    open_gate(gate);
    CHECK(waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED | WNOWAIT) == 0);
    CHECK(info.si_pid == child && info.si_status == 8 && info.si_code == CLD_EXITED);
    CHECK(waitid(P_PIDFD, (id_t)patient, &info, WEXITED) == 0 && info.si_pid == child);
    CHECK_ERRNO(waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED), ECHILD);
    int own = (int)raw(SYS_pidfd_open, getpid(), 0);
    CHECK_ERRNO(waitid(P_PIDFD, (id_t)own, &info, WEXITED), ECHILD);
    puts("ok");
}
