// An unmasked SSE exception is SIGFPE with FPE_FLTDIV; so is one of the x87 unit.
#include "../test.h"
#include <setjmp.h>

static sigjmp_buf back;
static volatile int code;

static void on_fault(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)context;
    code = info->si_code;
    siglongjmp(back, 1);
}

int main(void) {
    handle(SIGFPE, on_fault, 0);
    unsigned mxcsr, before;
    __asm__ volatile("stmxcsr %0" : "=m"(before));
    mxcsr = before & ~(1u << 9);
    volatile double one = 1, zero = 0;
    if (sigsetjmp(back, 1) == 0) {
        __asm__ volatile("ldmxcsr %0" : : "m"(mxcsr));
        one = one / zero;
        FAIL("no exception");
    }
    printf("sse: %d\n", code == FPE_FLTDIV);
    __asm__ volatile("ldmxcsr %0" : : "m"(before));
    if (sigsetjmp(back, 1) == 0) {
        unsigned short control = 0x37b;
        __asm__ volatile("fninit\n\tfldcw %0\n\tfld1\n\tfldz\n\tfdivrp\n\tfwait" : : "m"(control));
        FAIL("no exception");
    }
    printf("x87: %d\n", code == FPE_FLTDIV);
    __asm__ volatile("fninit");
}
