// vfork holds up the calling thread alone: the others run on beside the child.
#include "../test.h"

static _Atomic int counter, stop;

static void *count(void *unused) {
    while (!stop) {
        counter++;
        sched_yield();
    }
    return unused;
}

int main(void) {
    pthread_t thread = spawn(count, NULL);
    pid_t child = vfork();
    if (child == 0) {
        int start = counter;
        for (int i = 0; i < 1000000 && counter < start + 10; i++) raw(SYS_sched_yield);
        _exit(counter < start + 10 ? 5 : 6);
    }
    stop = 1;
    join(thread);
    CHECK_EXITS(child, 6);
    puts("ok");
}
