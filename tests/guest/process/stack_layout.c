// build: -static -nostartfiles
// At the first instruction: a stack aligned to 16, argc on top, clean registers and direction flag.
#include "../test.h"

static __attribute__((used)) long at_start[4];

__attribute__((naked, used)) void _start(void) {
    __asm__ volatile("mov %rsp, at_start(%rip)\n\tmov %rdx, at_start+8(%rip)\n\tpushfq\n\tpop %rax\n\tmov %rax, at_start+16(%rip)\n\t"
                     "xor %ebp, %ebp\n\tand $-16, %rsp\n\tcall check_start\n\thlt");
}

static void fail(long code) {
    raw(SYS_exit_group, code);
}

__attribute__((used)) void check_start(void) {
    if (at_start[0] % 16) fail(10);
    if (*(long *)at_start[0] != 1) fail(11);
    if (((long *)at_start[0])[2] != 0) fail(12);
    if (at_start[1] != 0) fail(13);
    if (at_start[2] & 0x400) fail(14);
    unsigned mxcsr;
    __asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
    if (mxcsr != 0x1f80) fail(15);
    unsigned short control;
    __asm__ volatile("fnstcw %0" : "=m"(control));
    if (control != 0x37f) fail(16);
    raw(SYS_write, 1, "ok\n", 3);
    fail(0);
}
