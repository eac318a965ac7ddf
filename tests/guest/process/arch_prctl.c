// arch_prctl reads and sets the FS base; addresses above user space are EPERM; unknown codes EINVAL.
#include "../test.h"
#include <asm/prctl.h>

static unsigned long block[2] = {0x1111, 0x2222};

int main(void) {
    unsigned long fs, gs = 77, again, low, high;
    CHECK_EQ(raw(SYS_arch_prctl, ARCH_GET_FS, &fs), 0);
    CHECK_EQ(fs, (unsigned long)pthread_self());
    CHECK_EQ(raw(SYS_arch_prctl, ARCH_GET_GS, &gs), 0);
    long set, restored;
    // The C library is not used while FS points elsewhere.
    __asm__ volatile("mov %5, %%rsi\n\tmov %6, %%edi\n\tmov $158, %%eax\n\tsyscall\n\tmov %%rax, %0\n\t"
                     "mov %%fs:0, %2\n\tmov %%fs:8, %3\n\t"
                     "mov %4, %%rsi\n\tmov %6, %%edi\n\tmov $158, %%eax\n\tsyscall\n\tmov %%rax, %1"
                     : "=&r"(set), "=&r"(restored), "=&r"(low), "=&r"(high)
                     : "r"(fs), "r"(block), "i"(ARCH_SET_FS)
                     : "rax", "rcx", "r11", "rsi", "rdi", "memory");
    CHECK(set == 0 && restored == 0);
    printf("%lx %lx %ld\n", low, high, gs);
    CHECK_EQ(raw(SYS_arch_prctl, ARCH_GET_FS, &again), 0);
    CHECK_EQ(fs, again);
    CHECK_EQ(raw(SYS_arch_prctl, ARCH_SET_FS, 0xffff800000000000), -EPERM);
    CHECK_EQ(raw(SYS_arch_prctl, ARCH_GET_FS, 8), -EFAULT);
    CHECK_EQ(raw(SYS_arch_prctl, 0x9999, 0), -EINVAL);
}
