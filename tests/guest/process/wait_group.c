// Waiting for a process group: by number, for the caller's own with 0, by P_PGID; others are left alone.
#include "../test.h"

static pid_t child_in(pid_t group, int code) {
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(setpgid(0, group) == 0);
        _exit(code);
    }
    // Whoever comes first: both say the same.
    if (group >= 0) CHECK(setpgid(child, group) == 0 || errno == ESRCH);
    return child;
}

int main(void) {
    siginfo_t info;
    int status;
    struct gate gate = new_gate();
    pid_t leader = fork_child();
    if (leader == 0) {
        CHECK(setpgid(0, 0) == 0);
        pass_gate(gate);
        _exit(1);
    }
    CHECK(setpgid(leader, leader) == 0);
    pid_t second = child_in(leader, 2), third = child_in(getpgrp(), 3);
    CHECK_EQ(waitpid(-leader, &status, 0), second);
    CHECK_EQ(status, 2 << 8);
    CHECK_EQ(waitpid(-leader, &status, WNOHANG), 0);
    CHECK_EQ(waitpid(0, &status, 0), third);
    CHECK_EQ(status, 3 << 8);
    CHECK_ERRNO(waitpid(0, &status, WNOHANG), ECHILD);
    CHECK_ERRNO(waitid(P_PGID, 0, &info, WEXITED | WNOHANG), ECHILD);
    CHECK_ERRNO(waitpid(-second, &status, WNOHANG), ECHILD);
    open_gate(gate);
    CHECK(waitid(P_PGID, (id_t)leader, &info, WEXITED) == 0);
    CHECK(info.si_pid == leader && info.si_status == 1);
    CHECK_ERRNO(waitpid(-leader, &status, 0), ECHILD);
    puts("ok");
}
