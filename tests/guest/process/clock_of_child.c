// The CPU-time clock of another process: it grows while that computes; of no process it is EINVAL.
#include "../test.h"

int main(void) {
    clockid_t clock;
    struct gate busy = new_gate(), gate = new_gate();
    pid_t child = fork_child();
    if (child == 0) {
        while (now_ns(CLOCK_PROCESS_CPUTIME_ID) < 30000000) {
        }
        open_gate(busy);
        pass_gate(gate);
        _exit(0);
    }
    CHECK_ZERO(clock_getcpuclockid(child, &clock));
    pass_gate(busy);
    CHECK(now_ns(clock) >= 30000000);
    open_gate(gate);
    CHECK_EXITS(child, 0);
    struct timespec time;
    CHECK_ERRNO(clock_gettime(clock, &time), EINVAL);
    CHECK_EQ(clock_getcpuclockid(child, &clock), ESRCH);
    puts("ok");
}
