// cases: int80 syscall sysenter
// native: may fail "32-bit code needs the i386 entries, and each kind of processor has only one of syscall and sysenter"
// 32-bit code, entered by a far return to the kernel's 32-bit code segment: `unlink` by each of its ways in.
#include "attack.h"

static char path[200];
static char low_stack[65536] __attribute__((aligned(4096), used));

__asm__(".text\n"
        ".macro into32 name, entry\n"
        "\\name:\n"
        " lea low_stack+60000(%rip), %rsp\n"
        " push $0x23\n lea 1f(%rip), %rax\n push %rax\n lretq\n"
        ".code32\n"
        "1: mov $0x2b, %eax\n mov %eax, %ds\n mov %eax, %es\n mov %eax, %ss\n"
        " mov $path, %ebx\n xor %ecx, %ecx\n xor %edx, %edx\n mov %esp, %ebp\n mov $10, %eax\n"
        " \\entry\n"
        // Whatever came of it, the end: exit(0).
        " mov $1, %eax\n xor %ebx, %ebx\n int $0x80\n hlt\n"
        ".code64\n"
        ".endm\n"
        "into32 by_int80, \"int $0x80\"\n"
        "into32 by_syscall, \"syscall\"\n"
        "into32 by_sysenter, \"sysenter\"\n");
extern void by_int80(void), by_syscall(void), by_sysenter(void);

int main(int argc, char **argv) {
    (void)argc;
    plan(argv);
    strncpy(path, victim, sizeof path - 1);
    CASE("int80") by_int80();
    CASE("syscall") by_syscall();
    CASE("sysenter") by_sysenter();
    return 0;
}
