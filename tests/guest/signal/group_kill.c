// kill of a negative number and of 0 reach every process of the group and no other; killpg too.
#include "../test.h"

static pid_t member_of(pid_t group) {
    struct gate ready = new_gate();
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(setpgid(0, group) == 0);
        open_gate(ready);
        for (;;) pause();
    }
    pass_gate(ready);
    CHECK(close(ready.ends[0]) == 0 && close(ready.ends[1]) == 0);
    return child;
}

int main(void) {
    pid_t first = member_of(0), second = member_of(first), other = member_of(0);
    CHECK(kill(-first, 0) == 0);
    CHECK(kill(-first, SIGTERM) == 0);
    CHECK_DIES(first, SIGTERM);
    CHECK_DIES(second, SIGTERM);
    CHECK_EQ(waitpid(other, NULL, WNOHANG), 0);
    CHECK_ERRNO(kill(-first, 0), ESRCH);
    CHECK_ERRNO(killpg(first, SIGTERM), ESRCH);
    CHECK(killpg(other, SIGUSR1) == 0);
    CHECK_DIES(other, SIGUSR1);
    pid_t leader = fork_child();
    if (leader == 0) {
        CHECK(setpgid(0, 0) == 0);
        pid_t below = member_of(getpid());
        sigset_t set = set_of(SIGUSR2);
        CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
        CHECK(kill(0, SIGUSR2) == 0);
        CHECK_DIES(below, SIGUSR2);
        CHECK_EQ(sigwaitinfo(&set, NULL), SIGUSR2);
        _exit(6);
    }
    CHECK_EXITS(leader, 6);
    puts("ok");
}
