// CMP_REQUEUE wakes some and moves others to a second word; moved waiters wake by that word only.
#include "../test.h"
#include <linux/futex.h>

static int first, second;
static _Atomic int tids[4], done;

static void *body(void *argument) {
    tids[(long)argument] = gettid();
    CHECK_EQ(raw(SYS_futex, &first, FUTEX_WAIT_PRIVATE, 0, NULL), 0);
    done++;
    return NULL;
}

static void settle(int count) {
    for (int i = 0; i < 5000 && done < count; i++) sleep_ms(1);
    sleep_ms(10);
    CHECK_EQ(done, count);
}

int main(void) {
    pthread_t threads[4];
    for (long i = 0; i < 4; i++) {
        threads[i] = spawn(body, (void *)i);
        while (!tids[i]) sched_yield();
        wait_until_asleep(tids[i]);
    }
    CHECK_EQ(raw(SYS_futex, &first, FUTEX_CMP_REQUEUE_PRIVATE, 1, 2, &second, 7), -EAGAIN);
    CHECK_EQ(raw(SYS_futex, &first, FUTEX_CMP_REQUEUE_PRIVATE, 1, 2, &second, 0), 3);
    settle(1);
    CHECK_EQ(raw(SYS_futex, &second, FUTEX_WAKE_PRIVATE, 10), 2);
    settle(3);
    CHECK_EQ(raw(SYS_futex, &first, FUTEX_REQUEUE_PRIVATE, 0, 10, &second, 0), 1);
    CHECK_EQ(raw(SYS_futex, &first, FUTEX_WAKE_PRIVATE, 10), 0);
    CHECK_EQ(raw(SYS_futex, &second, FUTEX_WAKE_PRIVATE, 10), 1);
    settle(4);
    for (int i = 0; i < 4; i++) join(threads[i]);
    puts("ok");
}
