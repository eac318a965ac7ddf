// Flags that exclude each other, or need each other, are EINVAL.
#include "../test.h"
#include <linux/sched.h>
#ifndef CLONE_DETACHED
#define CLONE_DETACHED 0x00400000
#endif

static long try(unsigned long flags) {
    static int number;
    long child = raw(SYS_clone, flags, 0, &number, &number, 0);
    if (child == 0) raw(SYS_exit_group, 0);
    return child;
}

int main(void) {
    CHECK_EQ(try(CLONE_SIGHAND | SIGCHLD), -EINVAL);
    CHECK_EQ(try(CLONE_THREAD | SIGCHLD), -EINVAL);
    CHECK_EQ(try(CLONE_THREAD | CLONE_VM | SIGCHLD), -EINVAL);
    CHECK_EQ(try(CLONE_NEWNS | CLONE_FS | SIGCHLD), -EINVAL);
    CHECK_EQ(try(CLONE_NEWUSER | CLONE_FS | SIGCHLD), -EINVAL);
    CHECK_EQ(try(CLONE_NEWPID | CLONE_THREAD | CLONE_VM | CLONE_SIGHAND), -EINVAL);
    CHECK_EQ(try(CLONE_PIDFD | CLONE_DETACHED | SIGCHLD), -EINVAL);
    CHECK_EQ(try(CLONE_PIDFD | CLONE_PARENT_SETTID | SIGCHLD), -EINVAL);
    CHECK_EQ(raw(SYS_clone, CLONE_PIDFD | SIGCHLD, 0, 8, 0, 0), -EFAULT);
    CHECK_ERRNO(wait(NULL), ECHILD);
    // What is merely useless is accepted.
    CHECK(try(CLONE_DETACHED | SIGCHLD) > 0);
    CHECK(try(CLONE_UNTRACED | CLONE_SYSVSEM | SIGCHLD) > 0);
    CHECK(wait(NULL) > 0 && wait(NULL) > 0);
    puts("ok");
}
