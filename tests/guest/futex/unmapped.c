// A word that is unmapped while a thread waits on it hurts nobody: the wait ends at its time.
#include "../test.h"
#include <linux/futex.h>

static int *word;
static _Atomic int tid;

static void *body(void *unused) {
    struct timespec t = {0, 200000000};
    (void)unused;
    tid = gettid();
    return (void *)raw(SYS_futex, word, FUTEX_WAIT_PRIVATE, 0, &t);
}

int main(void) {
    word = (int *)map_pages(1);
    pthread_t thread = spawn(body, NULL);
    while (!tid) sched_yield();
    wait_until_asleep(tid);
    CHECK(munmap(word, PAGE) == 0);
    long result = (long)join(thread);
    CHECK(result == -ETIMEDOUT || result == -EFAULT);
    puts("ok");
}
