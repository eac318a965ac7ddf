// The kernel side of robust lists: the owner-died bit is set on the word of each entry, also on the pending
// one; set_robust_list wants the exact size; get_robust_list returns what was set.
#include "../test.h"
#include <linux/futex.h>
#include <stddef.h>

struct entry {
    struct robust_list list;
    uint32_t word;
};

static struct robust_list_head head;
static struct entry first, second, pending;

static void *body(void *unused) {
    (void)unused;
    uint32_t tid = (uint32_t)gettid();
    head.list.next = &first.list;
    first.list.next = &second.list;
    second.list.next = &head.list;
    head.futex_offset = offsetof(struct entry, word);
    head.list_op_pending = &pending.list;
    first.word = tid;
    second.word = tid | FUTEX_WAITERS;
    pending.word = tid;
    CHECK_EQ(raw(SYS_set_robust_list, &head, sizeof head - 1), -EINVAL);
    CHECK_EQ(raw(SYS_set_robust_list, &head, sizeof head), 0);
    void *got;
    size_t length;
    CHECK_EQ(raw(SYS_get_robust_list, 0, &got, &length), 0);
    CHECK(got == &head);
    CHECK_EQ(length, sizeof head);
    return NULL;
}

int main(void) {
    join(spawn(body, NULL));
    printf("%#x %#x %#x\n", first.word & ~FUTEX_TID_MASK, second.word & ~FUTEX_TID_MASK, pending.word & ~FUTEX_TID_MASK);
    CHECK_EQ(raw(SYS_get_robust_list, 0x7ffffff0, &(void *){0}, &(size_t){0}), -ESRCH);
}
