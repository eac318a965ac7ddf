// sched_setaffinity, sched_getaffinity and the policy of another process.
#include "../test.h"

int main(void) {
    cpu_set_t own, one, now;
    struct gate gate = new_gate();
    CHECK(sched_getaffinity(0, sizeof own, &own) == 0);
    int first = 0;
    while (!CPU_ISSET(first, &own)) first++;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    pid_t child = fork_child();
    if (child == 0) {
        pass_gate(gate);
        CHECK(sched_getaffinity(0, sizeof now, &now) == 0 && CPU_EQUAL(&now, &one));
        CHECK_EQ(sched_getscheduler(0), SCHED_BATCH);
        _exit(0);
    }
    CHECK(sched_setaffinity(child, sizeof one, &one) == 0);
    CHECK(sched_getaffinity(child, sizeof now, &now) == 0 && CPU_EQUAL(&now, &one));
    CHECK(sched_setscheduler(child, SCHED_BATCH, &(struct sched_param){0}) == 0);
    CHECK_EQ(sched_getscheduler(child), SCHED_BATCH);
    CHECK_EQ(sched_getscheduler(0), SCHED_OTHER);
    CHECK(sched_getaffinity(0, sizeof now, &now) == 0 && CPU_EQUAL(&now, &own));
    open_gate(gate);
    CHECK_EXITS(child, 0);
    CHECK_ERRNO(sched_getscheduler(child), ESRCH);
    CHECK_ERRNO(sched_getaffinity(child, sizeof now, &now), ESRCH);
    puts("ok");
}
