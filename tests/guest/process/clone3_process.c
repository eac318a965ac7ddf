// clone3 makes a process as fork does, with exit signal, pidfd, parent and child words.
#include "../test.h"
#include <linux/sched.h>

static volatile pid_t in_parent, in_child;

int main(void) {
    int pidfd = -1;
    siginfo_t info;
    sigset_t set = set_of(SIGUSR1);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    struct clone_args args = {.exit_signal = SIGCHLD};
    long child = raw(SYS_clone3, &args, CLONE_ARGS_SIZE_VER0);
    if (child == 0) raw(SYS_exit_group, 35);
    CHECK(child > 0);
    CHECK_EQ(waitpid((pid_t)child, NULL, 0), child);
    args = (struct clone_args){
        .flags = CLONE_PIDFD | CLONE_PARENT_SETTID | CLONE_CHILD_SETTID,
        .pidfd = (uintptr_t)&pidfd,
        .parent_tid = (uintptr_t)&in_parent,
        .child_tid = (uintptr_t)&in_child,
        .exit_signal = SIGUSR1,
    };
    child = raw(SYS_clone3, &args, sizeof args);
    if (child == 0) raw(SYS_exit_group, in_child == raw(SYS_getpid) ? 36 : 37);
    CHECK(child > 0);
    CHECK_EQ(in_parent, child);
    CHECK_EQ(in_child, 0);
    CHECK_EQ(fcntl(pidfd, F_GETFD), FD_CLOEXEC);
    CHECK_EQ(sigwaitinfo(&set, &info), SIGUSR1);
    CHECK(info.si_pid == child && info.si_status == 36);
    CHECK_EXITS((pid_t)child, 36);
    puts("ok");
}
