// A system call changes only rax, rcx and r11: every other general register keeps its value; rcx is the
// address of the next instruction and r11 the flags.
#include "../test.h"

static __attribute__((used)) long after[16];

__attribute__((noinline)) static void check(long number) {
    __asm__ volatile("push %%rbx\n\tpush %%rbp\n\tpush %%r12\n\tpush %%r13\n\tpush %%r14\n\tpush %%r15\n\t"
                     "mov $0x1111, %%ebx\n\tmov $0x2222, %%ebp\n\tmov $0x3333, %%r12d\n\tmov $0x4444, %%r13d\n\tmov $0x5555, %%r14d\n\tmov $0x6666, %%r15d\n\t"
                     "mov $0x7777, %%edi\n\tmov $0x8888, %%esi\n\tmov $0x9999, %%edx\n\tmov $0xaaaa, %%r10d\n\tmov $0xbbbb, %%r8d\n\tmov $0xcccc, %%r9d\n\t"
                     "syscall\n\t1:\n\t"
                     "mov %%rbx, after(%%rip)\n\tmov %%rbp, after+8(%%rip)\n\tmov %%r12, after+16(%%rip)\n\tmov %%r13, after+24(%%rip)\n\tmov %%r14, after+32(%%rip)\n\tmov %%r15, after+40(%%rip)\n\t"
                     "mov %%rdi, after+48(%%rip)\n\tmov %%rsi, after+56(%%rip)\n\tmov %%rdx, after+64(%%rip)\n\tmov %%r10, after+72(%%rip)\n\tmov %%r8, after+80(%%rip)\n\tmov %%r9, after+88(%%rip)\n\t"
                     "mov %%rcx, after+96(%%rip)\n\tmov %%r11, after+104(%%rip)\n\tlea 1b(%%rip), %%rcx\n\tmov %%rcx, after+112(%%rip)\n\t"
                     "pop %%r15\n\tpop %%r14\n\tpop %%r13\n\tpop %%r12\n\tpop %%rbp\n\tpop %%rbx"
                     : "+a"(number) : : "rcx", "rdx", "rdi", "rsi", "r8", "r9", "r10", "r11", "memory", "cc");
}

int main(void) {
    long numbers[] = {SYS_getpid, SYS_sched_yield, 10000, SYS_close, SYS_getppid};
    for (int round = 0; round < 200; round++) {
        check(numbers[round % 5]);
        for (int i = 0; i < 12; i++) CHECK_EQ(after[i], 0x1111 * (i + 1));
        CHECK_EQ(after[12], after[14]);
        CHECK_EQ(after[13] & 0x202, 0x202);
    }
    puts("ok");
}
