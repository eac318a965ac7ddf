// times, getrusage and the processor clocks count what was computed, not what was slept.
#include "../test.h"
#include <sys/resource.h>
#include <sys/times.h>

static void burn(int64_t ms) {
    int64_t start = now_ns(CLOCK_THREAD_CPUTIME_ID);
    while (now_ns(CLOCK_THREAD_CPUTIME_ID) - start < ms * 1000000) {
    }
}

static int64_t used(int who) {
    struct rusage usage;
    CHECK(getrusage(who, &usage) == 0);
    return usage.ru_utime.tv_sec * 1000000LL + usage.ru_utime.tv_usec + usage.ru_stime.tv_sec * 1000000LL + usage.ru_stime.tv_usec;
}

int main(void) {
    int64_t before = used(RUSAGE_SELF), slept = now_ns(CLOCK_PROCESS_CPUTIME_ID);
    sleep_ms(100);
    CHECK(now_ns(CLOCK_PROCESS_CPUTIME_ID) - slept < 80000000);
    burn(120);
    CHECK(used(RUSAGE_SELF) - before >= 90000);
    CHECK(used(RUSAGE_THREAD) >= 90000);
    CHECK_EQ(used(RUSAGE_CHILDREN), 0);
    struct tms tms;
    clock_t ticks = times(&tms);
    CHECK(ticks != (clock_t)-1 && tms.tms_utime + tms.tms_stime >= 9 && tms.tms_cutime == 0);
    CHECK_EQ(sysconf(_SC_CLK_TCK), 100);
    CHECK(clock() >= 90000);
    struct rusage usage;
    CHECK_ERRNO(getrusage(77, &usage), EINVAL);
    CHECK(getrusage(RUSAGE_SELF, &usage) == 0 && usage.ru_maxrss > 100);
    CHECK_EQ(raw(SYS_getrusage, RUSAGE_SELF, 8), -EFAULT);
    puts("ok");
}
