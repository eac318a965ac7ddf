// native: may fail "processors by AMD have no sysenter in 64-bit mode"
// `sysenter` from 64-bit code: the i386 table, and no way back.
#include "attack.h"

static char path[200];

int main(int argc, char **argv) {
    (void)argc;
    plan(argv);
    strncpy(path, victim, sizeof path - 1);
    __asm__ volatile("mov %0, %%rbx\n mov %%rsp, %%rbp\n xor %%ecx, %%ecx\n xor %%edx, %%edx\n mov $10, %%eax\n sysenter"
                     :
                     : "r"((uintptr_t)path)
                     : "rax", "rbx", "rcx", "rdx", "memory");
    return 0;
}
