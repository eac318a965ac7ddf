// A futex without PRIVATE in shared memory is keyed by the object and its offset: another mapping of the
// same page reaches the same waiters. A private one is keyed by the address.
#include "../test.h"
#include <linux/futex.h>

static int *one, *other;
static _Atomic int tid;

static void *body(void *operation) {
    tid = gettid();
    CHECK_EQ(raw(SYS_futex, one, operation, 0, NULL), 0);
    return NULL;
}

int main(void) {
    int fd = memfd_create("m", 0);
    CHECK(ftruncate(fd, PAGE) == 0);
    one = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    other = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    CHECK(one != MAP_FAILED && other != MAP_FAILED);
    pthread_t thread = spawn(body, (void *)FUTEX_WAIT);
    while (!tid) sched_yield();
    wait_until_asleep(tid);
    CHECK_EQ(raw(SYS_futex, other + 1, FUTEX_WAKE, 1), 0);
    CHECK_EQ(raw(SYS_futex, other, FUTEX_WAKE_PRIVATE, 1), 0);
    CHECK_EQ(raw(SYS_futex, other, FUTEX_WAKE, 1), 1);
    join(thread);
    tid = 0;
    thread = spawn(body, (void *)FUTEX_WAIT_PRIVATE);
    while (!tid) sched_yield();
    wait_until_asleep(tid);
    CHECK_EQ(raw(SYS_futex, other, FUTEX_WAKE_PRIVATE, 1), 0);
    CHECK_EQ(raw(SYS_futex, one, FUTEX_WAKE_PRIVATE, 1), 1);
    join(thread);
    puts("ok");
}
