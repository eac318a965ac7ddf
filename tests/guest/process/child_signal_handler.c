// A SIGCHLD handler runs once the child can be waited for, and may do so itself.
#include "../test.h"

static volatile pid_t reaped;
static volatile int status, code;

static void on_child(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)context;
    int got;
    pid_t pid = waitpid(-1, &got, WNOHANG);
    CHECK_EQ(pid, info->si_pid);
    status = got;
    code = info->si_code;
    reaped = pid;
}

int main(void) {
    sigset_t set = set_of(SIGCHLD), old;
    handle(SIGCHLD, on_child, SA_RESTART);
    CHECK(sigprocmask(SIG_BLOCK, &set, &old) == 0);
    for (int i = 0; i < 5; i++) {
        reaped = 0;
        pid_t child = fork_child();
        if (child == 0) _exit(i);
        while (!reaped) sigsuspend(&old);
        CHECK(reaped == child && status == i << 8 && code == CLD_EXITED);
    }
    CHECK_ERRNO(wait(NULL), ECHILD);
    puts("ok");
}
