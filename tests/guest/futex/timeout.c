// FUTEX_WAIT takes a relative time, WAIT_BITSET an absolute one on the monotonic or the real clock; one in
// the past returns at once.
#include "../test.h"
#include <linux/futex.h>

static struct timespec later(clockid_t clock, long ms) {
    int64_t t = now_ns(clock) + ms * 1000000;
    return (struct timespec){t / 1000000000, t % 1000000000};
}

static void expect(long result, int64_t start, int64_t least_ms) {
    CHECK_EQ(result, -ETIMEDOUT);
    int64_t took = (now_ns(CLOCK_MONOTONIC) - start) / 1000000;
    CHECK(took >= least_ms && took < least_ms + 2000);
}

int main(void) {
    int word = 0;
    struct timespec t = {0, 30000000};
    int64_t start = now_ns(CLOCK_MONOTONIC);
    expect(raw(SYS_futex, &word, FUTEX_WAIT, 0, &t), start, 30);
    start = now_ns(CLOCK_MONOTONIC);
    t = later(CLOCK_MONOTONIC, 30);
    expect(raw(SYS_futex, &word, FUTEX_WAIT_BITSET, 0, &t, NULL, -1), start, 30);
    start = now_ns(CLOCK_MONOTONIC);
    t = later(CLOCK_REALTIME, 31);
    expect(raw(SYS_futex, &word, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 0, &t, NULL, -1), start, 30);
    start = now_ns(CLOCK_MONOTONIC);
    t = (struct timespec){1, 0};
    expect(raw(SYS_futex, &word, FUTEX_WAIT_BITSET, 0, &t, NULL, -1), start, 0);
    t = (struct timespec){0, 0};
    expect(raw(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, &t), start, 0);
    puts("ok");
}
