// A WAKE_BITSET wakes only the waiters whose bits meet its own; a plain WAKE meets all.
#include "../test.h"
#include <linux/futex.h>

static int word;
static _Atomic int done[3], tids[3];

static void *body(void *argument) {
    long i = (long)argument;
    tids[i] = gettid();
    CHECK_EQ(raw(SYS_futex, &word, FUTEX_WAIT_BITSET_PRIVATE, 0, NULL, NULL, 1 << i), 0);
    done[i] = 1;
    return NULL;
}

int main(void) {
    pthread_t threads[3];
    for (long i = 0; i < 3; i++) {
        threads[i] = spawn(body, (void *)i);
        while (!tids[i]) sched_yield();
        wait_until_asleep(tids[i]);
    }
    CHECK_EQ(raw(SYS_futex, &word, FUTEX_WAKE_BITSET_PRIVATE, 10, NULL, NULL, 8), 0);
    CHECK_EQ(raw(SYS_futex, &word, FUTEX_WAKE_BITSET_PRIVATE, 10, NULL, NULL, 2), 1);
    join(threads[1]);
    printf("%d %d %d\n", done[0], done[1], done[2]);
    CHECK_EQ(raw(SYS_futex, &word, FUTEX_WAKE_BITSET_PRIVATE, 1, NULL, NULL, 4 | 1), 1);
    join(threads[0]);
    printf("%d %d %d\n", done[0], done[1], done[2]);
    CHECK_EQ(raw(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 10), 1);
    join(threads[2]);
}
