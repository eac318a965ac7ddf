// CPU time and the children's CPU time start at zero in a child.
#include "../test.h"
#include <sys/resource.h>
#include <sys/times.h>

static int64_t total(const struct timeval *time) {
    return time->tv_sec * 1000000LL + time->tv_usec;
}

int main(void) {
    while (now_ns(CLOCK_PROCESS_CPUTIME_ID) < 60000000) {
    }
    pid_t child = fork_child();
    if (child == 0) {
        struct rusage usage;
        struct tms times_now;
        CHECK(getrusage(RUSAGE_SELF, &usage) == 0);
        CHECK(total(&usage.ru_utime) + total(&usage.ru_stime) < 50000);
        CHECK(now_ns(CLOCK_PROCESS_CPUTIME_ID) < 50000000 && now_ns(CLOCK_THREAD_CPUTIME_ID) < 50000000);
        CHECK(getrusage(RUSAGE_CHILDREN, &usage) == 0);
        CHECK_EQ(total(&usage.ru_utime) + total(&usage.ru_stime), 0);
        CHECK(times(&times_now) != (clock_t)-1);
        CHECK(times_now.tms_utime + times_now.tms_stime < 5 && times_now.tms_cutime == 0 && times_now.tms_cstime == 0);
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    puts("ok");
}
