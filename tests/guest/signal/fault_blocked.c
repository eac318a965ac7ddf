// ends: signal 11
// A fault whose signal is blocked is not delivered to the handler: the process dies by it.
#include "../test.h"

static void on_fault(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    FAIL("the handler ran");
}

int main(void) {
    sigset_t set = set_of(SIGSEGV);
    handle(SIGSEGV, on_fault, 0);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    *(volatile int *)0 = 1;
    FAIL("alive");
}
