// waitid fills in signal, process, user, code and status for each way a child can change.
#include "../test.h"

static void expect(pid_t child, int options, int code, int status) {
    siginfo_t info;
    memset(&info, 0xff, sizeof info);
    CHECK(waitid(P_PID, (id_t)child, &info, options) == 0);
    CHECK_EQ(info.si_signo, SIGCHLD);
    CHECK_EQ(info.si_errno, 0);
    CHECK_EQ(info.si_pid, child);
    CHECK_EQ(info.si_uid, getuid());
    CHECK_EQ(info.si_code, code);
    CHECK_EQ(info.si_status, status);
}

int main(void) {
    siginfo_t info;
    struct gate gate = new_gate();
    pid_t child = fork_child();
    if (child == 0) {
        pass_gate(gate);
        _exit(300);
    }
    memset(&info, 0xff, sizeof info);
    CHECK(waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG) == 0);
    CHECK(info.si_pid == 0 && info.si_signo == 0);
    open_gate(gate);
    expect(child, WEXITED, CLD_EXITED, 300 & 255);
    CHECK_ERRNO(waitid(P_PID, (id_t)child, &info, WEXITED), ECHILD);
    child = fork_child();
    if (child == 0)
        for (;;) pause();
    CHECK(kill(child, SIGSTOP) == 0);
    expect(child, WSTOPPED, CLD_STOPPED, SIGSTOP);
    CHECK(kill(child, SIGCONT) == 0);
    expect(child, WCONTINUED, CLD_CONTINUED, SIGCONT);
    CHECK(kill(child, SIGTERM) == 0);
    expect(child, WEXITED, CLD_KILLED, SIGTERM);
    // The status word is not wanted everywhere.
    child = fork_child();
    if (child == 0) _exit(0);
    CHECK(waitid(P_PID, (id_t)child, NULL, WEXITED) == 0);
    puts("ok");
}
