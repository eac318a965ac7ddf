// A failed execve after vfork leaves the child running in its parent's memory, where it reports the reason.
#include "../test.h"

int main(void) {
    volatile int reason = 0;
    char *arguments[] = {"none", NULL};
    for (volatile int round = 0; round < 3; round++) {
        reason = 0;
        pid_t child = vfork();
        if (child == 0) {
            execv("/no/such/program", arguments);
            reason = errno;
            _exit(127);
        }
        CHECK(child > 0);
        CHECK_EQ(reason, ENOENT);
        CHECK_EXITS(child, 127);
    }
    puts("ok");
}
