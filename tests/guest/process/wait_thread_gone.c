// The children of a thread that has ended are still the process's: parent number and wait do not change.
#include "../test.h"

static struct gate gate;

static void *forker(void *unused) {
    pid_t parent = getpid(), pid = fork_child();
    if (pid == 0) {
        pass_gate(gate);
        _exit(getppid() == parent ? 31 : 30);
    }
    (void)unused;
    return (void *)(long)pid;
}

int main(void) {
    gate = new_gate();
    pid_t child = (pid_t)(long)join(spawn(forker, NULL));
    CHECK_EQ(waitpid(child, NULL, WNOHANG), 0);
    open_gate(gate);
    CHECK_EXITS(child, 31);
    puts("ok");
}
