// Ten generations: each waits for the next and adds one to its exit code.
#include "../test.h"

static int generation(int depth, pid_t parent) {
    CHECK_EQ(getppid(), parent);
    if (depth == 10) return 0;
    pid_t self = getpid(), child = fork_child();
    if (child == 0) _exit(generation(depth + 1, self));
    int status = status_of(child);
    CHECK(WIFEXITED(status));
    return WEXITSTATUS(status) + 1;
}

int main(void) {
    printf("%d\n", generation(0, getppid()));
}
