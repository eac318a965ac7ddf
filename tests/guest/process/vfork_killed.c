// The parent goes on also when its vfork child dies by a signal.
#include "../test.h"

int main(void) {
    volatile int mark = 0;
    pid_t child = vfork();
    if (child == 0) {
        mark = 5;
        raw(SYS_kill, raw(SYS_getpid), SIGKILL);
        _exit(1);
    }
    CHECK_EQ(mark, 5);
    CHECK_DIES(child, SIGKILL);
    puts("ok");
}
