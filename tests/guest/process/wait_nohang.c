// WNOHANG gives 0 while the child runs, its number once it has ended, ECHILD afterwards.
#include "../test.h"

int main(void) {
    int status = 77;
    struct gate gate = new_gate();
    pid_t child = fork_child();
    if (child == 0) {
        pass_gate(gate);
        _exit(3);
    }
    CHECK_EQ(waitpid(child, &status, WNOHANG), 0);
    CHECK_EQ(waitpid(-1, &status, WNOHANG), 0);
    CHECK_EQ(status, 77);
    open_gate(gate);
    pid_t got;
    while ((got = waitpid(child, &status, WNOHANG)) == 0) sched_yield();
    CHECK_EQ(got, child);
    CHECK_EQ(status, 3 << 8);
    CHECK_ERRNO(waitpid(child, &status, WNOHANG), ECHILD);
    CHECK_ERRNO(waitpid(-1, &status, WNOHANG), ECHILD);
    puts("ok");
}
