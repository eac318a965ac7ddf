// build: -mavx512f
// The 32 ZMM registers and the mask registers, where the processor has them, survive a system call.
#include "../test.h"

static unsigned char in[64], low[64], high[64];

int main(void) {
    if (__builtin_cpu_supports("avx512f")) {
        for (int round = 0; round < 1000; round++) {
            unsigned mask_in = (unsigned)round * 2654435761u & 0xffff, mask_out = 0;
            memset(in, round + 1, sizeof in);
            __asm__ volatile("vmovdqu64 %4, %%zmm0\n\tvmovdqu64 %4, %%zmm31\n\tkmovw %3, %%k5\n\tmov $110, %%eax\n\tsyscall\n\t"
                             "vmovdqu64 %%zmm0, %0\n\tvmovdqu64 %%zmm31, %1\n\tkmovw %%k5, %2\n\tvzeroupper"
                             : "=m"(low), "=m"(high), "=&r"(mask_out) : "r"(mask_in), "m"(in)
                             : "rax", "rcx", "r11", "memory", "xmm0");
            CHECK(memcmp(in, low, 64) == 0);
            CHECK(memcmp(in, high, 64) == 0);
            CHECK_EQ(mask_in, mask_out);
        }
    }
    puts("ok");
}
