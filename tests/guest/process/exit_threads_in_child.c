// exit_group from one thread of a child, and a kill from outside, end all of its threads.
#include "../test.h"

static void *spin(void *unused) {
    for (;;) __asm__ volatile("pause");
    return unused;
}

static void *block(void *unused) {
    pause();
    return unused;
}

static void *leave(void *unused) {
    _exit(33);
    return unused;
}

int main(void) {
    pid_t child = fork_child();
    if (child == 0) {
        spawn(spin, NULL);
        spawn(block, NULL);
        spawn(leave, NULL);
        for (;;) pause();
    }
    CHECK_EXITS(child, 33);
    struct gate ready = new_gate();
    child = fork_child();
    if (child == 0) {
        spawn(spin, NULL);
        spawn(block, NULL);
        open_gate(ready);
        // The main thread goes first; the process lives on.
        pthread_exit(NULL);
    }
    pass_gate(ready);
    CHECK_EQ(waitpid(child, NULL, WNOHANG), 0);
    CHECK(kill(child, SIGKILL) == 0);
    CHECK_DIES(child, SIGKILL);
    puts("ok");
}
