// CLONE_PIDFD hands out a descriptor of the child, closed on execve, that becomes readable at its end.
#include "../test.h"
#include <poll.h>
#ifndef P_PIDFD
#define P_PIDFD 3
#endif

int main(void) {
    int pidfd = -1;
    siginfo_t info;
    struct gate gate = new_gate();
    long child = raw(SYS_clone, CLONE_PIDFD | SIGCHLD, 0, &pidfd, 0, 0);
    if (child == 0) {
        alarm(8);
        pass_gate(gate);
        _exit(18);
    }
    CHECK(child > 0 && pidfd >= 0);
    CHECK_EQ(fcntl(pidfd, F_GETFD), FD_CLOEXEC);
    struct pollfd entry = {pidfd, POLLIN, 0};
    CHECK_EQ(poll(&entry, 1, 0), 0);
    CHECK_EQ(raw(SYS_pidfd_send_signal, pidfd, 0, NULL, 0), 0);
    open_gate(gate);
    CHECK_EQ(poll(&entry, 1, 5000), 1);
    CHECK(entry.revents & POLLIN);
    CHECK(waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED) == 0);
    CHECK(info.si_pid == child && info.si_status == 18);
    CHECK_EQ(raw(SYS_pidfd_send_signal, pidfd, 0, NULL, 0), -ESRCH);
    puts("ok");
}
