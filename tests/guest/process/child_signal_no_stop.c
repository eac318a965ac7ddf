// SA_NOCLDSTOP: no SIGCHLD when a child stops or continues; wait reports both, and an end still signals.
#include "../test.h"

static void nothing(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
}

int main(void) {
    sigset_t set = set_of(SIGCHLD), pending;
    siginfo_t info;
    int status;
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    handle(SIGCHLD, nothing, SA_NOCLDSTOP);
    pid_t child = fork_child();
    if (child == 0)
        for (;;) pause();
    CHECK(kill(child, SIGSTOP) == 0);
    CHECK_EQ(waitpid(child, &status, WUNTRACED), child);
    CHECK(kill(child, SIGCONT) == 0);
    CHECK_EQ(waitpid(child, &status, WCONTINUED), child);
    CHECK(sigpending(&pending) == 0 && !sigismember(&pending, SIGCHLD));
    CHECK(kill(child, SIGTERM) == 0);
    CHECK_EQ(sigwaitinfo(&set, &info), SIGCHLD);
    CHECK_EQ(info.si_code, CLD_KILLED);
    CHECK_DIES(child, SIGTERM);
    puts("ok");
}
