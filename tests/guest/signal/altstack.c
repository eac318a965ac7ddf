// SA_ONSTACK runs the handler on the alternate stack, nested ones too; the stack cannot change meanwhile.
#include "../test.h"

static char *stack;
static volatile int levels;

static int on_it(void) {
    char here;
    return &here >= stack && &here < stack + (1 << 16);
}

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)info;
    ucontext_t *frame = context;
    stack_t now, other = {.ss_flags = SS_DISABLE};
    CHECK(sigaltstack(NULL, &now) == 0);
    printf("%d: on it %d, flags %d\n", signal, on_it(), now.ss_flags & SS_ONSTACK);
    CHECK(frame->uc_stack.ss_sp == stack);
    CHECK_ERRNO(sigaltstack(&other, NULL), EPERM);
    if (levels++ == 0) raise(SIGUSR2);
}

int main(void) {
    stack_t old, now = {.ss_sp = stack = malloc(1 << 16), .ss_size = 1 << 16};
    CHECK(sigaltstack(NULL, &old) == 0);
    CHECK_EQ(old.ss_flags, SS_DISABLE);
    CHECK(sigaltstack(&now, NULL) == 0);
    handle(SIGUSR1, on_signal, SA_ONSTACK);
    handle(SIGUSR2, on_signal, SA_ONSTACK);
    raise(SIGUSR1);
    CHECK(!on_it());
    stack_t small = {.ss_sp = stack, .ss_size = 1024}, bad = {.ss_sp = stack, .ss_size = 1 << 16, .ss_flags = 0x40};
    CHECK_ERRNO(sigaltstack(&small, NULL), ENOMEM);
    CHECK_ERRNO(sigaltstack(&bad, NULL), EINVAL);
    now.ss_flags = SS_DISABLE;
    CHECK(sigaltstack(&now, NULL) == 0);
    CHECK(sigaltstack(NULL, &old) == 0);
    printf("%d\n", old.ss_flags);
}
