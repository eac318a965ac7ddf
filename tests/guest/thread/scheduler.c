// The scheduling calls of an ordinary thread: SCHED_OTHER, priority 0, and which policies exist.
#include "../test.h"

int main(void) {
    struct sched_param parameter = {.sched_priority = 99};
    CHECK_EQ(sched_getscheduler(0), SCHED_OTHER);
    CHECK(sched_getparam(0, &parameter) == 0);
    CHECK_EQ(parameter.sched_priority, 0);
    CHECK(sched_setscheduler(0, SCHED_OTHER, &parameter) == 0);
    CHECK(sched_setscheduler(0, SCHED_BATCH, &parameter) == 0);
    CHECK_EQ(sched_getscheduler(0), SCHED_BATCH);
    CHECK(sched_setscheduler(0, SCHED_OTHER, &parameter) == 0);
    parameter.sched_priority = 1;
    CHECK_ERRNO(sched_setscheduler(0, SCHED_OTHER, &parameter), EINVAL);
    CHECK_ERRNO(sched_setparam(0, &parameter), EINVAL);
    CHECK_ERRNO(sched_setscheduler(0, 77, &parameter), EINVAL);
    CHECK_ERRNO(sched_getscheduler(-1), EINVAL);
    CHECK_ERRNO(sched_getscheduler(0x7ffffff0), ESRCH);
    printf("%d %d %d %d\n", sched_get_priority_min(SCHED_FIFO), sched_get_priority_max(SCHED_FIFO), sched_get_priority_min(SCHED_OTHER), sched_get_priority_max(SCHED_RR));
    CHECK_ERRNO(sched_get_priority_max(99), EINVAL);
    CHECK(sched_yield() == 0);
    struct timespec interval = {-1, -1};
    CHECK(sched_rr_get_interval(0, &interval) == 0);
    CHECK(interval.tv_sec == 0 && interval.tv_nsec >= 0);
}
