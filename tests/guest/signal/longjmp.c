// Leaving a handler by siglongjmp thousands of times, from the ordinary and from the alternate stack.
#include "../test.h"
#include <setjmp.h>

static sigjmp_buf back;
static volatile int caught;

static void on_fault(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    caught++;
    siglongjmp(back, 1);
}

int main(void) {
    stack_t alternate = {.ss_sp = malloc(1 << 16), .ss_size = 1 << 16};
    CHECK(sigaltstack(&alternate, NULL) == 0);
    for (int flags = 0; flags < 2; flags++) {
        handle(SIGSEGV, on_fault, flags ? SA_ONSTACK : 0);
        for (volatile int i = 0; i < 5000; i++)
            if (sigsetjmp(back, 1) == 0) *(volatile int *)0 = i;
    }
    printf("%d\n", caught);
}
