// What FUTEX_WAIT and its relatives refuse; an unknown operation is ENOSYS.
#include "../test.h"
#include <linux/futex.h>

int main(void) {
    int word[2] = {1, 1};
    struct timespec bad = {0, 1000000000}, negative = {-1, 0};
    CHECK_EQ(raw(SYS_futex, word, FUTEX_WAIT, 0, NULL), -EAGAIN);
    CHECK_EQ(raw(SYS_futex, word, FUTEX_WAIT_PRIVATE, 2, NULL), -EAGAIN);
    CHECK_EQ(raw(SYS_futex, (char *)word + 1, FUTEX_WAIT, 1, NULL), -EINVAL);
    CHECK_EQ(raw(SYS_futex, (char *)word + 2, FUTEX_WAKE, 1), -EINVAL);
    CHECK_EQ(raw(SYS_futex, word, FUTEX_WAIT, 1, &bad), -EINVAL);
    CHECK_EQ(raw(SYS_futex, word, FUTEX_WAIT, 1, &negative), -EINVAL);
    CHECK_EQ(raw(SYS_futex, word, FUTEX_WAIT, 1, 8), -EFAULT);
    CHECK_EQ(raw(SYS_futex, hole(1), FUTEX_WAIT, 1, NULL), -EFAULT);
    CHECK_EQ(raw(SYS_futex, 0x8000000000000000, FUTEX_WAIT, 1, NULL), -EFAULT);
    CHECK_EQ(raw(SYS_futex, word, FUTEX_WAIT_BITSET, 1, NULL, NULL, 0), -EINVAL);
    CHECK_EQ(raw(SYS_futex, word, FUTEX_WAKE_BITSET, 1, NULL, NULL, 0), -EINVAL);
    CHECK_EQ(raw(SYS_futex, word, FUTEX_WAKE, 1), 0);
    CHECK_EQ(raw(SYS_futex, word, FUTEX_WAKE, 0), 0);
    CHECK_EQ(raw(SYS_futex, word, 99, 1), -ENOSYS);
    CHECK_EQ(raw(SYS_futex, word, 2 /* FUTEX_FD */, 1), -ENOSYS);
    CHECK_EQ(raw(SYS_futex, word, FUTEX_CMP_REQUEUE, 1, 1, word + 1, 2), -EAGAIN);
    puts("ok");
}
