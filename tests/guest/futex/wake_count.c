// FUTEX_WAKE wakes as many as it says and returns how many that were.
#include "../test.h"
#include <linux/futex.h>

static int word;
static _Atomic int waiting, woken, tids[5];

static void *body(void *argument) {
    tids[(long)argument] = gettid();
    waiting++;
    CHECK_EQ(raw(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, NULL), 0);
    woken++;
    return NULL;
}

static void settle(int count) {
    for (int i = 0; i < 5000 && woken < count; i++) sleep_ms(1);
    sleep_ms(10);
    CHECK_EQ(woken, count);
}

int main(void) {
    pthread_t threads[5];
    for (long i = 0; i < 5; i++) threads[i] = spawn(body, (void *)i);
    while (waiting < 5) sched_yield();
    for (int i = 0; i < 5; i++) wait_until_asleep(tids[i]);
    CHECK_EQ(raw(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 2), 2);
    settle(2);
    CHECK_EQ(raw(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1), 1);
    settle(3);
    CHECK_EQ(raw(SYS_futex, &word, FUTEX_WAKE_PRIVATE, INT_MAX), 2);
    settle(5);
    CHECK_EQ(raw(SYS_futex, &word, FUTEX_WAKE_PRIVATE, INT_MAX), 0);
    for (int i = 0; i < 5; i++) join(threads[i]);
    puts("ok");
}
