// Any thread may wait for the children of another, unless it says __WNOTHREAD.
#include "../test.h"

static _Atomic pid_t child;
static struct gate gate, done;

static void *parent(void *unused) {
    pid_t pid = fork_child();
    if (pid == 0) {
        pass_gate(gate);
        _exit(21);
    }
    child = pid;
    pass_gate(done);
    return unused;
}

int main(void) {
    int status;
    gate = new_gate();
    done = new_gate();
    pthread_t thread = spawn(parent, NULL);
    while (!child) sched_yield();
    CHECK_ERRNO(waitpid(child, &status, __WNOTHREAD), ECHILD);
    CHECK_ERRNO(waitpid(-1, &status, __WNOTHREAD | WNOHANG), ECHILD);
    CHECK_EQ(waitpid(child, &status, WNOHANG), 0);
    open_gate(gate);
    CHECK_EQ(waitpid(-1, &status, 0), child);
    CHECK_EQ(status, 21 << 8);
    open_gate(done);
    join(thread);
    puts("ok");
}
