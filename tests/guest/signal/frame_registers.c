// All general registers and the flags come back after a handler that changes none of them in the frame,
// both for an asynchronous signal in a loop and for a trap.
#include "../test.h"

static volatile int handled;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    handled++;
    __asm__ volatile("xor %%eax, %%eax\n\txor %%ecx, %%ecx\n\txor %%edx, %%edx\n\txor %%r8d, %%r8d\n\txor %%r11d, %%r11d\n\tcmp %%eax, %%eax" ::: "rax", "rcx", "rdx", "r8", "r11", "cc");
}

int main(void) {
    handle(SIGTRAP, on_signal, 0);
    unsigned long bad = 0, flags;
    for (int i = 0; i < 100; i++) {
        __asm__ volatile("mov $1, %%eax\n\tmov $2, %%ecx\n\tmov $3, %%edx\n\tmov $4, %%ebx\n\tmov $5, %%esi\n\tmov $6, %%edi\n\t"
                         "mov $8, %%r8d\n\tmov $9, %%r9d\n\tmov $10, %%r10d\n\tmov $11, %%r11d\n\tmov $12, %%r12d\n\tmov $13, %%r13d\n\tmov $14, %%r14d\n\t"
                         "stc\n\tint3\n\tpushfq\n\tpop %%r15\n\t"
                         "lea (%%rax,%%rcx), %%rax\n\tadd %%rdx, %%rax\n\tadd %%rbx, %%rax\n\tadd %%rsi, %%rax\n\tadd %%rdi, %%rax\n\tadd %%r8, %%rax\n\tadd %%r9, %%rax\n\t"
                         "add %%r10, %%rax\n\tadd %%r11, %%rax\n\tadd %%r12, %%rax\n\tadd %%r13, %%rax\n\tadd %%r14, %%rax\n\t"
                         "mov %%r15, %1"
                         : "=&a"(bad), "=m"(flags) : : "rcx", "rdx", "rbx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "memory", "cc");
        CHECK_EQ(bad, 1 + 2 + 3 + 4 + 5 + 6 + 8 + 9 + 10 + 11 + 12 + 13 + 14);
        CHECK_EQ(flags & 1, 1);
    }
    printf("%d\n", handled);
}
