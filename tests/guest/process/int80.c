// The 32-bit entry: a number of that table, not of the 64-bit one; or no entry at all.
// Kernels without 32-bit emulation raise SIGSEGV, others answer by the 32-bit table; a library OS says ENOSYS.
#include "../test.h"
#include <setjmp.h>

static sigjmp_buf back;

static void on_fault(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    siglongjmp(back, 1);
}

int main(void) {
    handle(SIGSEGV, on_fault, 0);
    if (sigsetjmp(back, 1) == 0) {
        long result;
        // 39 is getpid for 64-bit programs and mkdir for 32-bit ones.
        __asm__ volatile("int $0x80" : "=a"(result) : "a"(39), "b"(0), "c"(0) : "r8", "r9", "r10", "r11", "memory");
        CHECK((int)result < 0);
        CHECK(result != getpid());
    }
    puts("not the 64-bit table");
}
