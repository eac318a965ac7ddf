// A handler during wait4: with SA_RESTART the wait goes on, without it is EINTR; so are waitid and waitpid.
#include "../test.h"

static volatile int handled;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    handled++;
}

int main(void) {
    pid_t parent = getpid();
    for (int way = 0; way < 4; way++) {
        int restarts = way % 2, status = -1;
        siginfo_t info;
        handle(SIGUSR1, on_signal, restarts ? SA_RESTART : 0);
        handled = 0;
        struct gate gate = new_gate();
        pid_t child = fork_child();
        if (child == 0) {
            wait_until_state(parent, 'S');
            CHECK(kill(parent, SIGUSR1) == 0);
            if (!restarts) pass_gate(gate);
            _exit(8);
        }
        if (way < 2) {
            pid_t got = waitpid(child, &status, 0);
            if (restarts) CHECK(got == child && status == 8 << 8);
            else CHECK(got == -1 && errno == EINTR);
        } else {
            int result = waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT);
            if (restarts) CHECK(result == 0 && info.si_status == 8);
            else CHECK(result == -1 && errno == EINTR);
        }
        CHECK_EQ(handled, 1);
        open_gate(gate);
        if (way != 1) CHECK_EXITS(child, 8);
        CHECK(close(gate.ends[0]) == 0 && close(gate.ends[1]) == 0);
    }
    puts("ok");
}
