// The frame of a page fault says trap number, error code and address: read, write and execute differ.
#include "../test.h"
#include <setjmp.h>
#include <ucontext.h>

static sigjmp_buf back;
static greg_t trap, error, address;

static void on_fault(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info;
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    trap = registers[REG_TRAPNO], error = registers[REG_ERR], address = registers[REG_CR2];
    siglongjmp(back, 1);
}

int main(void) {
    handle(SIGSEGV, on_fault, 0);
    handle(SIGFPE, on_fault, 0);
    handle(SIGILL, on_fault, 0);
    volatile char *gone = hole(1), *protected = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(*protected == 0);
    if (!sigsetjmp(back, 1)) (void)gone[5];
    printf("read of a hole: %lld %llx %d\n", trap, error, address == (greg_t)(gone + 5));
    if (!sigsetjmp(back, 1)) gone[6] = 1;
    printf("write to a hole: %lld %llx %d\n", trap, error, address == (greg_t)(gone + 6));
    if (!sigsetjmp(back, 1)) protected[7] = 1;
    printf("write to a read-only page: %lld %llx %d\n", trap, error, address == (greg_t)(protected + 7));
    if (!sigsetjmp(back, 1)) ((void (*)(void))(uintptr_t)protected)();
    printf("execution: %lld %llx %d\n", trap, error, address == (greg_t)protected);
    if (!sigsetjmp(back, 1)) __asm__ volatile("ud2");
    printf("ud2: %lld %llx\n", trap, error);
    volatile int zero = 0;
    if (!sigsetjmp(back, 1)) __asm__ volatile("idivl %0" : : "m"(zero), "a"(1), "d"(0));
    printf("division: %lld %llx\n", trap, error);
}
