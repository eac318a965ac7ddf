// Where the processor has AVX-512, its registers come back after a handler that clobbers them.
#include "../test.h"

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    if (__builtin_cpu_supports("avx512f"))
        __asm__ volatile("vpxorq %%zmm2, %%zmm2, %%zmm2\n\tvpxorq %%zmm20, %%zmm20, %%zmm20\n\tkxorw %%k3, %%k3, %%k3" : : : "xmm2");
}

int main(void) {
    unsigned char in[64], low[64], high[64];
    handle(SIGTRAP, on_signal, 0);
    if (__builtin_cpu_supports("avx512f"))
        for (int i = 1; i < 50; i++) {
            unsigned mask = 0;
            memset(in, i, 64);
            __asm__ volatile("vmovdqu64 %3, %%zmm2\n\tvmovdqu64 %3, %%zmm20\n\tkmovw %4, %%k3\n\tint3\n\t"
                             "vmovdqu64 %%zmm2, %0\n\tvmovdqu64 %%zmm20, %1\n\tkmovw %%k3, %2\n\tvzeroupper"
                             : "=m"(low), "=m"(high), "=&r"(mask) : "m"(in), "r"(i * 100) : "memory", "xmm2");
            CHECK(memcmp(in, low, 64) == 0 && memcmp(in, high, 64) == 0);
            CHECK_EQ(mask, i * 100);
        }
    puts("ok");
}
