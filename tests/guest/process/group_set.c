// setpgid and getpgid: own group, a child's, an existing one; EPERM, ESRCH and EINVAL for the rest.
#include "../test.h"

int main(void) {
    struct gate gate = new_gate();
    pid_t own = getpgrp(), first = fork_child();
    if (first == 0) {
        pass_gate(gate);
        _exit(0);
    }
    pid_t second = fork_child();
    if (second == 0) {
        pass_gate(gate);
        _exit(0);
    }
    CHECK_EQ(getpgid(first), own);
    CHECK(setpgid(first, 0) == 0);
    CHECK_EQ(getpgid(first), first);
    CHECK(setpgid(second, first) == 0);
    CHECK_EQ(getpgid(second), first);
    CHECK(setpgid(second, second) == 0 && getpgid(second) == second);
    CHECK(setpgid(first, second) == 0 && getpgid(first) == second);
    CHECK(setpgid(first, own) == 0 && getpgid(first) == own);
    // The group numbered first is empty now and cannot be joined.
    CHECK_ERRNO(setpgid(second, first), EPERM);
    CHECK_ERRNO(setpgid(second, 0x7ffffff0), EPERM);
    CHECK_ERRNO(setpgid(first, -1), EINVAL);
    CHECK_ERRNO(setpgid(getppid(), 0), ESRCH);
    CHECK_ERRNO(setpgid(0x7ffffff0, 0), ESRCH);
    open_gate(gate);
    open_gate(gate);
    CHECK_EXITS(first, 0);
    CHECK_EXITS(second, 0);
    CHECK_ERRNO(setpgid(first, first), ESRCH);
    puts("ok");
}
