// The frame: registers at the time of the signal, the mask, and a red zone of 128 bytes left alone.
#include "../test.h"
#include <ucontext.h>

static volatile greg_t seen_rbx, seen_rip, seen_rsp;
static volatile int seen_masked;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info;
    ucontext_t *frame = context;
    greg_t *registers = frame->uc_mcontext.gregs;
    char here;
    seen_rbx = registers[REG_RBX];
    seen_rip = registers[REG_RIP];
    seen_rsp = registers[REG_RSP];
    seen_masked = sigismember(&frame->uc_sigmask, SIGUSR2);
    CHECK((greg_t)&here < seen_rsp - 128);
    CHECK(frame->uc_mcontext.fpregs != NULL);
    CHECK_EQ((uintptr_t)frame->uc_mcontext.fpregs % 64, 0);
}

int main(void) {
    sigset_t set = set_of(SIGUSR2);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    handle(SIGILL, on_signal, 0);
    handle(SIGTRAP, on_signal, 0);
    long kept, rip, rsp;
    __asm__ volatile("mov %%rsp, %2\n\t"
                     "movq $0x1234567, -8(%%rsp)\n\tmovq $0x1234567, -128(%%rsp)\n\t"
                     "mov $0x5555, %%ebx\n\t"
                     "int3\n\t1: lea 1b(%%rip), %1\n\t"
                     "mov -8(%%rsp), %0\n\tadd -128(%%rsp), %0"
                     : "=&r"(kept), "=&r"(rip), "=&r"(rsp) : : "rbx", "memory");
    CHECK_EQ(kept, 2 * 0x1234567);
    CHECK_EQ(seen_rbx, 0x5555);
    CHECK_EQ(seen_rip, rip);
    CHECK_EQ(seen_rsp, rsp);
    CHECK_EQ(seen_masked, 1);
    puts("ok");
}
