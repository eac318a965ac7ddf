// While SIGCHLD is blocked any number of deaths leaves one pending signal; wait finds every child.
#include "../test.h"

int main(void) {
    sigset_t set = set_of(SIGCHLD);
    siginfo_t info;
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    pid_t children[5];
    for (int i = 0; i < 5; i++) {
        children[i] = fork_child();
        if (children[i] == 0) _exit(i);
        CHECK(waitid(P_PID, (id_t)children[i], &info, WEXITED | WNOWAIT) == 0);
    }
    CHECK_EQ(sigwaitinfo(&set, &info), SIGCHLD);
    CHECK_EQ(info.si_pid, children[0]);
    CHECK_ERRNO(sigtimedwait(&set, &info, &(struct timespec){0, 0}), EAGAIN);
    for (int i = 0; i < 5; i++) CHECK_EXITS(children[i], i);
    puts("ok");
}
