// vfork: the child runs in its parent's memory while the parent waits, until it exits.
#include "../test.h"

static volatile int written, resumed;

int main(void) {
    pid_t parent = getpid();
    volatile int local = 1;
    for (volatile int round = 0; round < 5; round++) {
        written = resumed = 0;
        pid_t child = vfork();
        if (child == 0) {
            for (int i = 0; i < 20; i++) {
                sched_yield();
                if (resumed) _exit(99);
                written++;
            }
            local = 2;
            _exit(raw(SYS_getppid) == parent && raw(SYS_getpid) != parent ? 7 : 8);
        }
        resumed = 1;
        CHECK(child > 0);
        CHECK_EQ(written, 20);
        CHECK_EQ(local, 2);
        CHECK_EXITS(child, 7);
    }
    CHECK_ERRNO(wait(NULL), ECHILD);
    puts("ok");
}
