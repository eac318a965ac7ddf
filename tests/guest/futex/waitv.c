// futex_waitv waits for any of several words and says which one woke it.
#include "../test.h"
#include <linux/futex.h>

static int words[3];
static _Atomic int tid;

static void *body(void *unused) {
    struct futex_waitv waiters[3] = {0};
    for (int i = 0; i < 3; i++) {
        waiters[i].uaddr = (uintptr_t)&words[i];
        waiters[i].flags = FUTEX_32 | FUTEX_PRIVATE_FLAG;
    }
    tid = gettid();
    (void)unused;
    return (void *)raw(SYS_futex_waitv, waiters, 3, 0, NULL, 0);
}

int main(void) {
    pthread_t thread = spawn(body, NULL);
    while (!tid) sched_yield();
    wait_until_asleep(tid);
    CHECK_EQ(raw(SYS_futex, &words[1], FUTEX_WAKE_PRIVATE, 1), 1);
    printf("%ld\n", (long)join(thread));
    struct futex_waitv waiter = {.uaddr = (uintptr_t)words, .val = 5, .flags = FUTEX_32};
    CHECK_EQ(raw(SYS_futex_waitv, &waiter, 1, 0, NULL, 0), -EAGAIN);
    CHECK_EQ(raw(SYS_futex_waitv, &waiter, 0, 0, NULL, 0), -EINVAL);
    CHECK_EQ(raw(SYS_futex_waitv, &waiter, 129, 0, NULL, 0), -EINVAL);
    CHECK_EQ(raw(SYS_futex_waitv, &waiter, 1, 1, NULL, 0), -EINVAL);
}
