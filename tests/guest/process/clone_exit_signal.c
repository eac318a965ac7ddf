// The signal sent at the end of a child: none for 0, SIGUSR1 if it was asked for, with SIGCHLD's details.
#include "../test.h"

static pid_t clone_child(int signal) {
    long pid = raw(SYS_clone, signal, 0, 0, 0, 0);
    if (pid == 0) raw(SYS_exit_group, 27);
    CHECK(pid > 0);
    return (pid_t)pid;
}

int main(void) {
    sigset_t set = set_of(SIGUSR1), pending;
    siginfo_t info;
    sigaddset(&set, SIGCHLD);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    pid_t child = clone_child(0);
    CHECK(waitid(P_PID, (id_t)child, &info, WEXITED | __WALL) == 0);
    CHECK(info.si_signo == SIGCHLD && info.si_code == CLD_EXITED && info.si_status == 27);
    CHECK(sigpending(&pending) == 0 && sigisemptyset(&pending));
    child = clone_child(SIGUSR1);
    CHECK_EQ(sigwaitinfo(&set, &info), SIGUSR1);
    CHECK_EQ(info.si_pid, child);
    CHECK_EQ(info.si_code, CLD_EXITED);
    CHECK_EQ(info.si_status, 27);
    CHECK_ERRNO(waitpid(child, NULL, WNOHANG), ECHILD);
    CHECK_EQ(waitpid(child, NULL, __WCLONE), child);
    // An ignored SIGCHLD reaps nobody who ends with another signal.
    signal(SIGCHLD, SIG_IGN);
    child = clone_child(SIGUSR1);
    CHECK_EXITS(child, 27);
    puts("ok");
}
