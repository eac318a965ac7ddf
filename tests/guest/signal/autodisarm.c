// SS_AUTODISARM takes the alternate stack away while a handler runs on it and gives it back afterwards.
#include "../test.h"

static char *stack;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    stack_t now;
    char here;
    CHECK(&here >= stack && &here < stack + (1 << 16));
    CHECK(sigaltstack(NULL, &now) == 0);
    printf("inside: disabled %d\n", now.ss_flags == SS_DISABLE);
}

int main(void) {
    unsigned flags = 1u << 31;
    stack_t alternate = {.ss_sp = stack = malloc(1 << 16), .ss_size = 1 << 16, .ss_flags = (int)flags}, now;
    CHECK(sigaltstack(&alternate, NULL) == 0);
    handle(SIGUSR1, on_signal, SA_ONSTACK);
    raise(SIGUSR1);
    CHECK(sigaltstack(NULL, &now) == 0);
    CHECK(now.ss_sp == stack && (unsigned)now.ss_flags == flags);
    raise(SIGUSR1);
}
