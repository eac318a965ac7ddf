// /proc/self and /proc/thread-self name whoever reads them.
#include "../test.h"

int main(void) {
    pid_t child = fork_child();
    char target[64] = {0}, wanted[64];
    if (child != 0) CHECK_EXITS(child, 0);
    CHECK(readlink("/proc/self", target, sizeof target - 1) > 0);
    CHECK_EQ(atoi(target), getpid());
    snprintf(wanted, sizeof wanted, "%d/task/%d", getpid(), gettid());
    memset(target, 0, sizeof target);
    CHECK(readlink("/proc/thread-self", target, sizeof target - 1) > 0);
    CHECK(strcmp(target, wanted) == 0);
    if (child == 0) _exit(0);
    puts("ok");
}
