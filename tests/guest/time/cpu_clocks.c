// The processor clock of another thread and of the process, by their numbers.
#include "../test.h"

static _Atomic int stop, ready;

static void *burner(void *unused) {
    while (!stop) ready = 1;
    return unused;
}

int main(void) {
    clockid_t process, thread_clock;
    pthread_t thread = spawn(burner, NULL);
    CHECK_ZERO(clock_getcpuclockid(0, &process));
    CHECK_ZERO(pthread_getcpuclockid(thread, &thread_clock));
    int64_t start = now_ns(thread_clock), whole = now_ns(process);
    while (now_ns(thread_clock) - start < 30000000) sleep_ms(1);
    CHECK(now_ns(process) - whole >= 20000000);
    stop = 1;
    join(thread);
    struct timespec t;
    CHECK_ERRNO(clock_gettime((clockid_t)(~0x7ffffff0u << 3 | 2), &t), EINVAL);
    puts("ok");
}
