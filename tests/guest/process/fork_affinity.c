// Affinity and scheduling policy are inherited; reset-on-fork undoes the policy.
#include "../test.h"
#include <sys/resource.h>

int main(void) {
    cpu_set_t set, now;
    CHECK(sched_getaffinity(0, sizeof set, &set) == 0);
    int first = 0;
    while (!CPU_ISSET(first, &set)) first++;
    CPU_ZERO(&set);
    CPU_SET(first, &set);
    struct sched_param parameter = {0};
    CHECK(sched_setaffinity(0, sizeof set, &set) == 0 && sched_setscheduler(0, SCHED_BATCH, &parameter) == 0);
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(sched_getaffinity(0, sizeof now, &now) == 0 && CPU_EQUAL(&set, &now));
        CHECK_EQ(sched_getscheduler(0), SCHED_BATCH);
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    puts("ok");
}
