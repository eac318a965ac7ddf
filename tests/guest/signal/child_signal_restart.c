// A SIGCHLD handler interrupts a read of the parent, or restarts it; an ignored SIGCHLD does neither.
#include "../test.h"

static volatile int handled;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    handled++;
}

int main(void) {
    pid_t parent = getpid();
    for (int way = 0; way < 3; way++) {
        int ends[2];
        char byte;
        CHECK(pipe(ends) == 0);
        handled = 0;
        if (way == 2) signal(SIGCHLD, SIG_DFL);
        else handle(SIGCHLD, on_signal, way == 1 ? SA_RESTART : 0);
        struct gate gate = new_gate();
        pid_t writer = fork_child();
        if (writer == 0) {
            pass_gate(gate);
            CHECK_EQ(write(ends[1], "x", 1), 1);
            pass_gate(gate);
            _exit(0);
        }
        pid_t child = fork_child();
        if (child == 0) {
            wait_until_state(parent, 'S');
            _exit(0);
        }
        if (way == 0) CHECK_ERRNO(read(ends[0], &byte, 1), EINTR);
        open_gate(gate);
        if (way != 0) {
            CHECK_EQ(read(ends[0], &byte, 1), 1);
            CHECK_EXITS(child, 0);
        } else {
            CHECK_EQ(handled, 1);
            CHECK_EXITS(child, 0);
        }
        open_gate(gate);
        CHECK_EXITS(writer, 0);
        CHECK(close(ends[0]) == 0 && close(ends[1]) == 0 && close(gate.ends[0]) == 0 && close(gate.ends[1]) == 0);
    }
    puts("ok");
}
