// SIGCONT takes away pending stop signals, and a stop signal a pending SIGCONT, blocked or not.
#include "../test.h"

int main(void) {
    sigset_t set = set_of(SIGTSTP), pending;
    sigaddset(&set, SIGTTIN);
    sigaddset(&set, SIGCONT);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    struct gate ready = new_gate(), gate = new_gate();
    pid_t child = fork_child();
    if (child == 0) {
        pass_gate(gate);
        CHECK(sigpending(&pending) == 0);
        CHECK(sigismember(&pending, SIGTSTP) && sigismember(&pending, SIGTTIN));
        open_gate(ready);
        pass_gate(gate);
        CHECK(sigpending(&pending) == 0);
        CHECK(!sigismember(&pending, SIGTSTP) && !sigismember(&pending, SIGTTIN) && sigismember(&pending, SIGCONT));
        open_gate(ready);
        pass_gate(gate);
        CHECK(sigpending(&pending) == 0);
        CHECK(sigismember(&pending, SIGTSTP) && !sigismember(&pending, SIGCONT));
        _exit(0);
    }
    CHECK(kill(child, SIGTSTP) == 0 && kill(child, SIGTTIN) == 0);
    open_gate(gate);
    pass_gate(ready);
    CHECK(kill(child, SIGCONT) == 0);
    open_gate(gate);
    pass_gate(ready);
    CHECK(kill(child, SIGTSTP) == 0);
    open_gate(gate);
    CHECK_EXITS(child, 0);
    puts("ok");
}
