// A signal arrives while nothing is done but reading the clock: mostly inside the vDSO, which goes on afterwards.
#include "../test.h"
#include <sys/time.h>

static volatile sig_atomic_t count;

static void on_alarm(int number) {
    (void)number;
    count++;
}

int main(void) {
    CHECK(signal(SIGALRM, on_alarm) != SIG_ERR);
    struct itimerval often = {{0, 1000}, {0, 1000}};
    CHECK_EQ(setitimer(ITIMER_REAL, &often, NULL), 0);
    int64_t start = now_ns(CLOCK_MONOTONIC), last = start;
    while (count < 50) {
        int64_t now = now_ns(CLOCK_MONOTONIC);
        CHECK(now >= last && now - start < 20000000000);
        last = now;
    }
    puts("ok");
}
