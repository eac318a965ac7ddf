// cases: movabs mov_tail
// A `syscall` that is the middle of another instruction, in the program's own text.
#include "attack.h"

// movabs $0x90c3050f90909090, %rax: the fifth byte of its immediate starts `syscall; ret`.
__asm__(".text\n"
        "hidden: .byte 0x48, 0xb8, 0x90, 0x90, 0x90, 0x90, 0x0f, 0x05, 0xc3, 0x90\n"
        // mov $0x050fb890, %eax; the immediate holds a syscall whose own tail is the next instruction.
        "tail: .byte 0xb8, 0x90, 0x90, 0x0f, 0x05\n ret\n");
extern char hidden[], tail[];

int main(int argc, char **argv) {
    (void)argc;
    plan(argv);
    CASE("movabs") print_secret_at((uintptr_t)hidden + 6);
    CASE("mov_tail") print_secret_at((uintptr_t)tail + 3);
    return 0;
}
