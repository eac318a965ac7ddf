// rt_sigreturn trusts nothing: system flags in the frame are not taken, and user flags are.
#include "../test.h"
#include <ucontext.h>

static volatile long set, clear;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info;
    ucontext_t *frame = context;
    frame->uc_mcontext.gregs[REG_EFL] = (frame->uc_mcontext.gregs[REG_EFL] | set) & ~clear;
}

static long flags_after(long to_set, long to_clear) {
    long flags;
    set = to_set, clear = to_clear;
    __asm__ volatile("int3\n\tpushfq\n\tcld\n\tpop %0" : "=r"(flags) : : "cc", "memory");
    return flags;
}

int main(void) {
    handle(SIGTRAP, on_signal, 0);
    printf("carry %ld\n", flags_after(1, 0) & 1);
    printf("direction %ld\n", flags_after(0x400, 0) >> 10 & 1);
    printf("iopl %ld\n", flags_after(0x3000, 0) >> 12 & 3);
    printf("interrupts %ld\n", flags_after(0, 0x200) >> 9 & 1);
    printf("virtual %ld\n", flags_after(0x20000, 0) >> 17 & 1);
    printf("reserved %ld\n", flags_after(0, 2) >> 1 & 1);
}
