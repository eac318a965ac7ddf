// gettid, set_tid_address and getpid agree: the first thread's number is the process's, others differ.
// The word given to set_tid_address is cleared when its thread exits.
#include "../test.h"
#include <linux/futex.h>

static _Atomic int word = 1, done;

static void *body(void *main_tid) {
    long tid = raw(SYS_gettid);
    CHECK(tid != (long)main_tid);
    CHECK_EQ(raw(SYS_set_tid_address, &word), tid);
    CHECK_EQ(raw(SYS_getpid), (long)main_tid);
    done = 1;
    return NULL;
}

int main(void) {
    CHECK_EQ(raw(SYS_gettid), getpid());
    CHECK_EQ(raw(SYS_set_tid_address, &word), getpid());
    spawn(body, (void *)(long)getpid());
    while (!done) sched_yield();
    while (word) raw(SYS_futex, &word, FUTEX_WAIT, 1, NULL);
    puts("ok");
}
