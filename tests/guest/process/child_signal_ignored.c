// With SIGCHLD ignored children vanish at once; by default it is not ignored and they wait to be reaped.
#include "../test.h"

int main(void) {
    siginfo_t info;
    struct gate gate = new_gate();
    signal(SIGCHLD, SIG_IGN);
    pid_t first = fork_child();
    if (first == 0) {
        pass_gate(gate);
        _exit(1);
    }
    pid_t second = fork_child();
    if (second == 0) _exit(2);
    CHECK_ERRNO(waitpid(second, NULL, 0), ECHILD);
    while (kill(second, 0) == 0) sched_yield();
    CHECK_EQ(errno, ESRCH);
    CHECK_EQ(waitpid(-1, NULL, WNOHANG), 0);
    open_gate(gate);
    CHECK_ERRNO(wait(NULL), ECHILD);
    signal(SIGCHLD, SIG_DFL);
    first = fork_child();
    if (first == 0) _exit(3);
    CHECK(waitid(P_PID, (id_t)first, &info, WEXITED | WNOWAIT) == 0);
    // A child that ended before stays, whatever is set now.
    signal(SIGCHLD, SIG_IGN);
    CHECK_EXITS(first, 3);
    puts("ok");
}
