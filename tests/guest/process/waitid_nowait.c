// WNOWAIT leaves the child to be waited for again, by waitid and wait4 alike.
#include "../test.h"

int main(void) {
    siginfo_t info;
    pid_t child = fork_child();
    if (child == 0) _exit(6);
    for (int i = 0; i < 3; i++) {
        memset(&info, 0, sizeof info);
        CHECK(waitid(P_ALL, 0, &info, WEXITED | WNOWAIT) == 0);
        CHECK(info.si_pid == child && info.si_status == 6 && info.si_code == CLD_EXITED);
    }
    CHECK_EXITS(child, 6);
    CHECK_ERRNO(waitid(P_ALL, 0, &info, WEXITED | WNOWAIT | WNOHANG), ECHILD);
    child = fork_child();
    if (child == 0)
        for (;;) pause();
    CHECK(kill(child, SIGSTOP) == 0);
    for (int i = 0; i < 2; i++) CHECK(waitid(P_PID, (id_t)child, &info, WSTOPPED | WNOWAIT) == 0 && info.si_code == CLD_STOPPED);
    CHECK(waitid(P_PID, (id_t)child, &info, WSTOPPED) == 0 && info.si_pid == child);
    CHECK(waitid(P_PID, (id_t)child, &info, WSTOPPED | WNOHANG) == 0 && info.si_pid == 0);
    CHECK(kill(child, SIGKILL) == 0);
    CHECK_DIES(child, SIGKILL);
    puts("ok");
}
