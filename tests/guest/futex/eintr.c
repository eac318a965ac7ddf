// A signal ends a timed wait with EINTR even with SA_RESTART; an untimed wait restarts with SA_RESTART and
// returns EINTR without it.
#include "../test.h"
#include <linux/futex.h>

static int word;
static _Atomic int tid, handled;
static struct timespec minute = {60, 0};

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    handled++;
}

static void *body(void *timeout) {
    tid = gettid();
    return (void *)raw(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, timeout);
}

static long interrupt(void *timeout, int flags, int wake) {
    handle(SIGUSR1, on_signal, flags);
    tid = handled = 0;
    pthread_t thread = spawn(body, timeout);
    while (!tid) sched_yield();
    wait_until_asleep(tid);
    CHECK_ZERO(pthread_kill(thread, SIGUSR1));
    while (!handled) sched_yield();
    if (wake) {
        wait_until_asleep(tid);
        CHECK_EQ(raw(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1), 1);
    }
    return (long)join(thread);
}

int main(void) {
    CHECK_EQ(interrupt(&minute, SA_RESTART, 0), -EINTR);
    CHECK_EQ(interrupt(&minute, 0, 0), -EINTR);
    CHECK_EQ(interrupt(NULL, 0, 0), -EINTR);
    CHECK_EQ(interrupt(NULL, SA_RESTART, 1), 0);
    puts("ok");
}
