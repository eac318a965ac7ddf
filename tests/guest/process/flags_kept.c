// DF, AC and the arithmetic flags set before a system call are set after it, and do it no harm.
#include "../test.h"

static long with_flags(long set, long nr, long a, long b, long c, long *result) {
    long flags;
    __asm__ volatile("pushfq\n\tpop %%r8\n\tmov %%r8, %%r9\n\tor %3, %%r9\n\tpush %%r9\n\tpopfq\n\t"
                     "syscall\n\t"
                     "pushfq\n\tpop %0\n\tpush %%r8\n\tpopfq\n\tcld"
                     : "=r"(flags), "=a"(*result) : "1"(nr), "r"(set), "D"(a), "S"(b), "d"(c) : "rcx", "r8", "r9", "r11", "memory", "cc");
    return flags;
}

int main(void) {
    static char block[3 * PAGE];
    int zero = open("/dev/zero", O_RDONLY);
    long masks[] = {0x400, 0x40000, 0x400 | 0x40000, 0x1, 0x8d5, 0x200000};
    for (int round = 0; round < 50; round++)
        for (size_t i = 0; i < COUNT(masks); i++) {
            long result;
            CHECK_EQ(with_flags(masks[i], SYS_getpid, 0, 0, 0, &result) & masks[i], masks[i]);
            CHECK_EQ(result, getpid());
            memset(block, 1, sizeof block);
            CHECK_EQ(with_flags(masks[i], SYS_read, zero, (long)(block + 1), sizeof block - 1, &result) & masks[i], masks[i]);
            CHECK_EQ(result, sizeof block - 1);
            CHECK(block[0] == 1 && block[1] == 0 && block[sizeof block - 1] == 0);
            CHECK_EQ(with_flags(masks[i], 10000, 0, 0, 0, &result) & masks[i], masks[i]);
            CHECK_EQ(result, -ENOSYS);
        }
    puts("ok");
}
