// ends: signal 11
// No room for the frame on the alternate stack: the process dies by SIGSEGV.
#include "../test.h"

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    FAIL("the handler ran");
}

int main(void) {
    char *stack = map_pages(4);
    stack_t now = {.ss_sp = stack, .ss_size = 4 * PAGE};
    CHECK(sigaltstack(&now, NULL) == 0);
    CHECK(munmap(stack, 4 * PAGE) == 0);
    handle(SIGUSR1, on_signal, SA_ONSTACK);
    raise(SIGUSR1);
    FAIL("alive");
}
