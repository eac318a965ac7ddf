// sigtimedwait for SIGCHLD: in time, too late, and with the signal already pending.
#include "../test.h"

int main(void) {
    sigset_t set = set_of(SIGCHLD);
    siginfo_t info;
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    struct gate gate = new_gate();
    pid_t child = fork_child();
    if (child == 0) {
        pass_gate(gate);
        _exit(1);
    }
    CHECK_ERRNO(sigtimedwait(&set, &info, &(struct timespec){0, 10000000}), EAGAIN);
    open_gate(gate);
    CHECK_EQ(sigtimedwait(&set, &info, &(struct timespec){5, 0}), SIGCHLD);
    CHECK(info.si_pid == child && info.si_status == 1);
    CHECK_EXITS(child, 1);
    child = fork_child();
    if (child == 0) _exit(2);
    CHECK_EXITS(child, 2);
    CHECK_EQ(sigtimedwait(&set, &info, &(struct timespec){0, 0}), SIGCHLD);
    CHECK(info.si_pid == child && info.si_status == 2);
    puts("ok");
}
