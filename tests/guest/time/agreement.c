// The clocks agree with each other: vDSO and system call, time and gettimeofday, real and monotonic.
#include "../test.h"
#include <sys/time.h>

static int64_t raw_ns(clockid_t clock) {
    struct timespec t;
    CHECK_EQ(raw(SYS_clock_gettime, clock, &t), 0);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(void) {
    int clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_TAI, CLOCK_MONOTONIC_RAW};
    for (size_t i = 0; i < COUNT(clocks); i++)
        for (int n = 0; n < 200; n++) {
            int64_t before = now_ns(clocks[i]), between = raw_ns(clocks[i]), after = now_ns(clocks[i]);
            CHECK(before <= between && between <= after);
        }
    struct timeval tv;
    struct timezone zone;
    CHECK(gettimeofday(&tv, &zone) == 0 && raw(SYS_gettimeofday, NULL, NULL) == 0);
    time_t seconds = time(NULL);
    CHECK(seconds - tv.tv_sec <= 1 && seconds >= tv.tv_sec - 1);
    CHECK(llabs(now_ns(CLOCK_REALTIME) - (tv.tv_sec * 1000000000LL + tv.tv_usec * 1000LL)) < 2000000000);
    int64_t real = now_ns(CLOCK_REALTIME), steady = now_ns(CLOCK_MONOTONIC);
    sleep_ms(30);
    int64_t real_passed = now_ns(CLOCK_REALTIME) - real, steady_passed = now_ns(CLOCK_MONOTONIC) - steady;
    CHECK(steady_passed >= 30000000 && llabs(real_passed - steady_passed) < 1000000000);
    CHECK(llabs(now_ns(CLOCK_REALTIME_COARSE) - now_ns(CLOCK_REALTIME)) < 1000000000);
    CHECK(raw(SYS_time, NULL) >= seconds);
    CHECK_EQ(raw(SYS_time, 0xffff800000000000), -EFAULT);
    puts("ok");
}
