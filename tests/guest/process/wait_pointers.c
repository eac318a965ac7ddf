// Bad pointers in wait4 and waitid are EFAULT.
#include "../test.h"
#include <sys/resource.h>

int main(void) {
    char *gone = hole(1);
    pid_t child = fork_child();
    if (child == 0) _exit(0);
    // Linux reaps the child before it finds that it cannot store the status.
    CHECK_EQ(raw(SYS_wait4, child, gone, 0, NULL), -EFAULT);
    CHECK_EQ(raw(SYS_wait4, child, NULL, 0, NULL), -ECHILD);
    child = fork_child();
    if (child == 0) _exit(0);
    CHECK_EQ(raw(SYS_wait4, child, NULL, 0, gone), -EFAULT);
    child = fork_child();
    if (child == 0) _exit(0);
    CHECK_EQ(raw(SYS_waitid, P_PID, child, gone, WEXITED, NULL), -EFAULT);
    CHECK_EQ(raw(SYS_wait4, -1, NULL, 0, NULL), -ECHILD);
    CHECK_EQ(raw(SYS_wait4, INT_MIN, NULL, 0, NULL), -ESRCH);
    CHECK_EQ(raw(SYS_waitid, P_PID, 0, NULL, WEXITED, NULL), -EINVAL);
    CHECK_EQ(raw(SYS_waitid, P_PGID, -1, NULL, WEXITED, NULL), -EINVAL);
    puts("ok");
}
