// A clone child, one that does not end with SIGCHLD, is seen with __WCLONE and __WALL only; others without __WCLONE.
#include "../test.h"

static pid_t clone_child(int signal, int code) {
    long pid = raw(SYS_clone, signal, 0, 0, 0, 0);
    CHECK(pid >= 0);
    if (pid == 0) raw(SYS_exit_group, code);
    return (pid_t)pid;
}

int main(void) {
    int status;
    siginfo_t info;
    pid_t child = clone_child(0, 4);
    CHECK_ERRNO(waitpid(child, &status, 0), ECHILD);
    CHECK_ERRNO(waitpid(-1, &status, WNOHANG), ECHILD);
    CHECK_EQ(waitpid(child, &status, __WCLONE), child);
    CHECK_EQ(status, 4 << 8);
    child = clone_child(0, 5);
    CHECK_EQ(waitpid(-1, &status, __WALL), child);
    CHECK_EQ(status, 5 << 8);
    child = clone_child(SIGCHLD, 6);
    CHECK_ERRNO(waitpid(child, &status, __WCLONE), ECHILD);
    CHECK_ERRNO(waitid(P_PID, (id_t)child, &info, WEXITED | __WCLONE), ECHILD);
    CHECK(waitid(P_PID, (id_t)child, &info, WEXITED | __WALL) == 0);
    CHECK_EQ(info.si_status, 6);
    puts("ok");
}
