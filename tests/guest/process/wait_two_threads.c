// Two threads that wait for any child share them out: each child is reported exactly once.
#include "../test.h"

enum { CHILDREN = 60 };
static _Atomic int reported[CHILDREN], total;

static void *waiter(void *unused) {
    for (int status;;) {
        pid_t pid = wait(&status);
        if (pid == -1 && errno == ECHILD) return unused;
        CHECK(pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) < CHILDREN);
        reported[WEXITSTATUS(status)]++;
        total++;
    }
}

int main(void) {
    struct gate gate = new_gate();
    for (int i = 0; i < CHILDREN; i++) {
        if (fork_child() == 0) {
            pass_gate(gate);
            _exit(i);
        }
    }
    pthread_t first = spawn(waiter, NULL), second = spawn(waiter, NULL);
    for (int i = 0; i < CHILDREN; i++) open_gate(gate);
    join(first);
    join(second);
    CHECK_EQ(total, CHILDREN);
    for (int i = 0; i < CHILDREN; i++) CHECK_EQ(reported[i], 1);
    puts("ok");
}
