// build: -mavx
// Vector registers, MXCSR and the x87 control word are the same in the child.
#include "../test.h"

static unsigned char pattern[32], low[32], high[32];
static unsigned mxcsr_in = 0x1f80 | 0x6000, mxcsr_out;
static unsigned short control_in = 0x0f7f, control_out;

int main(void) {
    if (!__builtin_cpu_supports("avx")) {
        puts("ok");
        return 0;
    }
    for (size_t i = 0; i < sizeof pattern; i++) pattern[i] = (unsigned char)(i * 7 + 1);
    unsigned usual_mxcsr = 0x1f80;
    unsigned short usual_control = 0x037f;
    long pid;
    __asm__ volatile("vmovdqu %[pattern], %%ymm0\n\tvmovdqu %[pattern], %%ymm15\n\tldmxcsr %[mxcsr_in]\n\tfldcw %[control_in]\n\t"
                     "mov $57, %%eax\n\tsyscall\n\t"
                     "vmovdqu %%ymm0, %[low]\n\tvmovdqu %%ymm15, %[high]\n\tstmxcsr %[mxcsr_out]\n\tfnstcw %[control_out]\n\t"
                     "ldmxcsr %[usual_mxcsr]\n\tfldcw %[usual_control]\n\tvzeroupper"
                     : "=&a"(pid), [low] "=m"(low), [high] "=m"(high), [mxcsr_out] "=m"(mxcsr_out), [control_out] "=m"(control_out)
                     : [pattern] "m"(pattern), [mxcsr_in] "m"(mxcsr_in), [control_in] "m"(control_in),
                       [usual_mxcsr] "m"(usual_mxcsr), [usual_control] "m"(usual_control)
                     : "rcx", "r11", "memory", "xmm0", "xmm15");
    int good = memcmp(low, pattern, 32) == 0 && memcmp(high, pattern, 32) == 0 && mxcsr_out == mxcsr_in && control_out == control_in;
    if (pid == 0) _exit(good ? 9 : 8);
    CHECK(pid > 0 && good);
    CHECK_EXITS((pid_t)pid, 9);
    puts("ok");
}
