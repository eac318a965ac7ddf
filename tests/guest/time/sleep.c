// nanosleep and clock_nanosleep wait at least as long as asked, on a relative and an absolute time.
#include "../test.h"

static void took(int64_t start, int64_t ms) {
    int64_t passed = now_ns(CLOCK_MONOTONIC) - start;
    CHECK(passed >= ms * 1000000 && passed < ms * 1000000 + 2000000000);
}

int main(void) {
    struct timespec t = {0, 20000000}, left = {7, 7};
    int64_t start = now_ns(CLOCK_MONOTONIC);
    CHECK(nanosleep(&t, &left) == 0);
    took(start, 20);
    CHECK(left.tv_sec == 7);
    start = now_ns(CLOCK_MONOTONIC);
    CHECK_ZERO(clock_nanosleep(CLOCK_REALTIME, 0, &t, NULL));
    took(start, 20);
    start = now_ns(CLOCK_MONOTONIC);
    int64_t then = start + 25000000;
    t = (struct timespec){then / 1000000000, then % 1000000000};
    CHECK_ZERO(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL));
    took(start, 25);
    CHECK_ZERO(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL));
    CHECK_ZERO(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &(struct timespec){1, 0}, NULL));
    CHECK(nanosleep(&(struct timespec){0, 0}, NULL) == 0);
    CHECK_ERRNO(nanosleep(&(struct timespec){0, 1000000000}, NULL), EINVAL);
    CHECK_ERRNO(nanosleep(&(struct timespec){0, -1}, NULL), EINVAL);
    CHECK_ERRNO(nanosleep(&(struct timespec){-1, 0}, NULL), EINVAL);
    CHECK_EQ(raw(SYS_nanosleep, 8, NULL), -EFAULT);
    CHECK_EQ(clock_nanosleep(77, 0, &t, NULL), EINVAL);
    CHECK_EQ(raw(SYS_clock_nanosleep, CLOCK_THREAD_CPUTIME_ID, 0, &t, NULL), -EOPNOTSUPP);
    puts("ok");
}
