// The system calls fork and clone without the C library: both return twice and take no stack.
#include "../test.h"

static int check_child(long pid, pid_t parent) {
    if (pid == 0) raw(SYS_exit_group, raw(SYS_getppid) == parent ? 5 : 6);
    CHECK(pid > 0);
    int status;
    CHECK_EQ(raw(SYS_wait4, pid, &status, 0, NULL), pid);
    return status;
}

int main(void) {
    pid_t parent = getpid();
    CHECK_EQ(check_child(raw(SYS_fork), parent), 5 << 8);
    CHECK_EQ(check_child(raw(SYS_clone, SIGCHLD, 0, 0, 0, 0), parent), 5 << 8);
    puts("ok");
}
