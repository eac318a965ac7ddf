// ends: signal 11
// rt_sigreturn with a stack pointer that leads nowhere kills by SIGSEGV.
#include "../test.h"

int main(void) {
    char *gone = hole(4);
    __asm__ volatile("mov %0, %%rsp\n\tmov $15, %%eax\n\tsyscall" : : "r"(gone + 2 * PAGE) : "rax", "rcx", "r11", "memory");
    FAIL("alive");
}
