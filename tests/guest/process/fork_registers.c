// The general registers are the same in parent and child after fork, but for rax, rcx and r11.
#include "../test.h"

struct registers {
    long rbx, rbp, r12, r13, r14, r15, rdi, rsi, rdx, r8, r9, r10, rsp_kept, rax;
};

static void fork_with_patterns(struct registers *out) {
    __asm__ volatile("push %%rbp\n\tpush %%rbx\n\tpush %0\n\t"
                     "mov $0x1101, %%ebx\n\tmov $0x1102, %%ebp\n\tmov $0x1103, %%r12d\n\tmov $0x1104, %%r13d\n\t"
                     "mov $0x1105, %%r14d\n\tmov $0x1106, %%r15d\n\tmov $0x1107, %%edi\n\tmov $0x1108, %%esi\n\t"
                     "mov $0x1109, %%edx\n\tmov $0x110a, %%r8d\n\tmov $0x110b, %%r9d\n\tmov $0x110c, %%r10d\n\t"
                     "mov $57, %%eax\n\tsyscall\n\t"
                     "mov (%%rsp), %%rcx\n\t"
                     "mov %%rbx, 0(%%rcx)\n\tmov %%rbp, 8(%%rcx)\n\tmov %%r12, 16(%%rcx)\n\tmov %%r13, 24(%%rcx)\n\t"
                     "mov %%r14, 32(%%rcx)\n\tmov %%r15, 40(%%rcx)\n\tmov %%rdi, 48(%%rcx)\n\tmov %%rsi, 56(%%rcx)\n\t"
                     "mov %%rdx, 64(%%rcx)\n\tmov %%r8, 72(%%rcx)\n\tmov %%r9, 80(%%rcx)\n\tmov %%r10, 88(%%rcx)\n\t"
                     "mov %%rax, 104(%%rcx)\n\t"
                     "pop %%rcx\n\tpop %%rbx\n\tpop %%rbp"
                     : : "a"(out)
                     : "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "memory", "cc");
}

int main(void) {
    struct registers got = {0};
    fork_with_patterns(&got);
    int good = got.rbx == 0x1101 && got.rbp == 0x1102 && got.r12 == 0x1103 && got.r13 == 0x1104 && got.r14 == 0x1105
               && got.r15 == 0x1106 && got.rdi == 0x1107 && got.rsi == 0x1108 && got.rdx == 0x1109 && got.r8 == 0x110a
               && got.r9 == 0x110b && got.r10 == 0x110c;
    if (got.rax == 0) raw(SYS_exit_group, good ? 9 : 8);
    CHECK(got.rax > 0 && good);
    CHECK_EXITS((pid_t)got.rax, 9);
    puts("ok");
}
