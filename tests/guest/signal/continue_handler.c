// SIGCONT continues a process also when it is blocked, ignored or handled; a handler then runs.
#include "../test.h"

static volatile int got;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)info, (void)context;
    got = signal;
}

int main(void) {
    for (int way = 0; way < 3; way++) {
        int status;
        struct gate ready = new_gate(), gate = new_gate();
        pid_t child = fork_child();
        if (child == 0) {
            sigset_t set = set_of(SIGCONT), pending;
            if (way == 0) CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
            if (way == 1) signal(SIGCONT, SIG_IGN);
            if (way == 2) handle(SIGCONT, on_signal, SA_RESTART);
            open_gate(ready);
            pass_gate(gate);
            CHECK(sigpending(&pending) == 0);
            CHECK_EQ(sigismember(&pending, SIGCONT), way == 0);
            CHECK_EQ(got, way == 2 ? SIGCONT : 0);
            _exit(0);
        }
        pass_gate(ready);
        CHECK(kill(child, SIGSTOP) == 0);
        CHECK_EQ(waitpid(child, &status, WUNTRACED), child);
        CHECK(kill(child, SIGCONT) == 0);
        CHECK_EQ(waitpid(child, &status, WCONTINUED), child);
        open_gate(gate);
        CHECK_EXITS(child, 0);
    }
    puts("ok");
}
