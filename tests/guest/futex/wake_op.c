// FUTEX_WAKE_OP changes the second word by the operation and wakes its waiters if the old value compares.
#include "../test.h"
#include <linux/futex.h>

static long op(int *second, int operation, int operand, int comparison, int argument) {
    static int first;
    return raw(SYS_futex, &first, FUTEX_WAKE_OP_PRIVATE, 1, 1, second, FUTEX_OP(operation, operand, comparison, argument));
}

int main(void) {
    int word = 5;
    CHECK_EQ(op(&word, FUTEX_OP_SET, 9, FUTEX_OP_CMP_EQ, 5), 0);
    CHECK_EQ(word, 9);
    CHECK_EQ(op(&word, FUTEX_OP_ADD, 3, FUTEX_OP_CMP_NE, 5), 0);
    CHECK_EQ(word, 12);
    CHECK_EQ(op(&word, FUTEX_OP_OR, 3, FUTEX_OP_CMP_LT, 5), 0);
    CHECK_EQ(word, 15);
    CHECK_EQ(op(&word, FUTEX_OP_ANDN, 6, FUTEX_OP_CMP_GE, 5), 0);
    CHECK_EQ(word, 9);
    CHECK_EQ(op(&word, FUTEX_OP_XOR, 1, FUTEX_OP_CMP_GT, 5), 0);
    CHECK_EQ(word, 8);
    CHECK_EQ(op(&word, FUTEX_OP_OR | FUTEX_OP_OPARG_SHIFT, 10, FUTEX_OP_CMP_LE, 5), 0);
    CHECK_EQ(word, 1032);
    CHECK_EQ(op(&word, FUTEX_OP_ADD, -2, FUTEX_OP_CMP_LE, 5), 0);
    CHECK_EQ(word, 1030);
    CHECK_EQ(op(&word, 7, 1, FUTEX_OP_CMP_EQ, 0), -ENOSYS);
    CHECK_EQ(op(&word, FUTEX_OP_ADD, 1, 9, 0), -ENOSYS);
    CHECK_EQ(op((int *)hole(1), FUTEX_OP_ADD, 1, FUTEX_OP_CMP_EQ, 0), -EFAULT);
    printf("%d\n", word);
}
