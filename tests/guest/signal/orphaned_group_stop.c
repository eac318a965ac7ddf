// In an orphaned process group SIGTSTP, SIGTTIN and SIGTTOU stop nobody; SIGSTOP does.
#include "../test.h"

int main(void) {
    int status;
    struct gate ready = new_gate(), gate = new_gate();
    pid_t child = fork_child();
    if (child == 0) {
        // The leader of a new session: no parent in the session, so the group is orphaned.
        CHECK_EQ(setsid(), getpid());
        CHECK(raise(SIGTSTP) == 0 && raise(SIGTTIN) == 0 && raise(SIGTTOU) == 0);
        open_gate(ready);
        pass_gate(gate);
        _exit(3);
    }
    pass_gate(ready);
    CHECK(kill(child, SIGTSTP) == 0);
    CHECK(kill(child, SIGSTOP) == 0);
    CHECK_EQ(waitpid(child, &status, WUNTRACED), child);
    CHECK_EQ(WSTOPSIG(status), SIGSTOP);
    CHECK(kill(child, SIGCONT) == 0);
    open_gate(gate);
    CHECK_EXITS(child, 3);
    puts("ok");
}
