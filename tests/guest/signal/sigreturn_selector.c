// ends: signal 11
// A frame with a kernel code selector ends in SIGSEGV.
#include "../test.h"
#include <ucontext.h>

static void on_trap(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info;
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    registers[REG_CSGSFS] = (registers[REG_CSGSFS] & ~0xffffL) | 0x10;
}

int main(void) {
    handle(SIGTRAP, on_trap, 0);
    __asm__ volatile("int3");
    // The kernel forces user privilege onto the selector, which then is no 64-bit code segment.
    FAIL("alive");
}
