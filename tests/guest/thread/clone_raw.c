// A thread made by clone itself: parent and child words are set, the child word is cleared and one futex
// waiter woken at its exit, the FS base is the one given.
#include "../test.h"
#include <linux/futex.h>

static _Atomic int parent_word, child_word = -1, seen;
static long tls_block[64];

static int body(void *argument) {
    long fs;
    __asm__("mov %%fs:0, %0" : "=r"(fs));
    CHECK_EQ(fs, (long)tls_block);
    CHECK_EQ(raw(SYS_gettid), child_word);
    seen = *(int *)argument;
    raw(SYS_exit, 0);
    return 0;
}

int main(void) {
    char *stack = map_pages(16);
    int value = 42;
    tls_block[0] = (long)tls_block;
    int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID;
    int tid = clone(body, stack + 16 * PAGE, flags, &value, &parent_word, tls_block, &child_word);
    CHECK(tid > 0);
    CHECK_EQ(parent_word, tid);
    for (int word; (word = child_word) != 0;) {
        long result = raw(SYS_futex, &child_word, FUTEX_WAIT, word, NULL);
        CHECK(result == 0 || result == -EAGAIN || result == -EINTR);
    }
    CHECK_EQ(seen, 42);
    puts("ok");
}
