// SIGCHLD tells who, why and how: exited, killed, stopped, continued.
#include "../test.h"

static sigset_t set;

static void expect(pid_t child, int code, int status) {
    siginfo_t info;
    CHECK_EQ(sigwaitinfo(&set, &info), SIGCHLD);
    CHECK_EQ(info.si_pid, child);
    CHECK_EQ(info.si_uid, getuid());
    CHECK_EQ(info.si_code, code);
    CHECK_EQ(info.si_status, status);
}

int main(void) {
    set = set_of(SIGCHLD);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    pid_t child = fork_child();
    if (child == 0) _exit(44);
    expect(child, CLD_EXITED, 44);
    CHECK_EXITS(child, 44);
    child = fork_child();
    if (child == 0)
        for (;;) pause();
    CHECK(kill(child, SIGSTOP) == 0);
    expect(child, CLD_STOPPED, SIGSTOP);
    CHECK(kill(child, SIGCONT) == 0);
    expect(child, CLD_CONTINUED, SIGCONT);
    CHECK(kill(child, SIGINT) == 0);
    expect(child, CLD_KILLED, SIGINT);
    CHECK_DIES(child, SIGINT);
    puts("ok");
}
