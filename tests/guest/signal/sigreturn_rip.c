// A frame with a non-canonical or kernel instruction pointer ends in SIGSEGV, which can be handled.
#include "../test.h"
#include <setjmp.h>
#include <ucontext.h>

static sigjmp_buf back;
static volatile greg_t target;

static void on_trap(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info;
    ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP] = target;
}

static void on_segv(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    siglongjmp(back, 1);
}

int main(void) {
    handle(SIGTRAP, on_trap, 0);
    handle(SIGSEGV, on_segv, 0);
    greg_t targets[] = {0, 0x1000, (greg_t)0x8000000000000000, (greg_t)0xffffffff81000000, 0x0000800000000000};
    for (size_t i = 0; i < COUNT(targets); i++) {
        target = targets[i];
        if (sigsetjmp(back, 1) == 0) {
            __asm__ volatile("int3");
            FAIL("it went on");
        }
    }
    puts("ok");
}
