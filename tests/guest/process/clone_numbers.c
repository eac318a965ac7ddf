// CLONE_PARENT_SETTID, CLONE_CHILD_SETTID and CLONE_CHILD_CLEARTID: where the child's number is stored, and cleared.
#include "../test.h"
#include <linux/futex.h>

static volatile pid_t in_parent, in_child;
static _Atomic int cleared;

static int body(void *unused) {
    (void)unused;
    return cleared == raw(SYS_gettid) ? 4 : 5;
}

int main(void) {
    in_parent = in_child = -1;
    long child = raw(SYS_clone, CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | SIGCHLD, 0, &in_parent, &in_child, 0);
    if (child == 0) raw(SYS_exit_group, in_child == raw(SYS_getpid) ? 3 : 4);
    CHECK_EQ(in_parent, child);
    CHECK_EQ(in_child, -1);
    CHECK_EXITS((pid_t)child, 3);
    char *stack = map_pages(16);
    cleared = -1;
    child = clone(body, stack + 16 * PAGE, CLONE_VM | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD, NULL, NULL, NULL, &cleared);
    CHECK(child > 0);
    for (int word; (word = cleared) != 0;) {
        long result = raw(SYS_futex, &cleared, FUTEX_WAIT, word, NULL);
        CHECK(result == 0 || result == -EAGAIN || result == -EINTR);
    }
    CHECK_EXITS((pid_t)child, 4);
    puts("ok");
}
