// Running out of stack is SIGSEGV, handled on the alternate stack; the address is near the stack's end.
#include "../test.h"
#include <setjmp.h>

static sigjmp_buf back;
static char *where;

static void on_fault(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)context;
    where = info->si_addr;
    siglongjmp(back, 1);
}

static __attribute__((noinline)) int forever(int n) {
    volatile char frame[1024];
    frame[0] = (char)n;
    return n == INT_MAX ? 0 : forever(n + 1) + frame[0];
}

int main(void) {
    char here;
    stack_t alternate = {.ss_sp = malloc(1 << 16), .ss_size = 1 << 16};
    CHECK(sigaltstack(&alternate, NULL) == 0);
    handle(SIGSEGV, on_fault, SA_ONSTACK);
    if (sigsetjmp(back, 1) == 0) forever(0);
    size_t depth = (size_t)(&here - where);
    printf("%s\n", depth > (7UL << 20) && depth < (9UL << 20) ? "at the limit" : "elsewhere");
}
