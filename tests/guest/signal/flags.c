// SA_RESETHAND, SA_NODEFER, sa_mask and plain deferral are each observable inside the handler.
#include "../test.h"

static volatile int depth, deepest, calls;
static int again;

static void nested(int signal, siginfo_t *info, void *context) {
    (void)info, (void)context;
    calls++;
    if (++depth > deepest) deepest = depth;
    if (again-- > 0) raise(signal);
    depth--;
}

static void masks(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    sigset_t now;
    CHECK(sigprocmask(SIG_BLOCK, NULL, &now) == 0);
    printf("in handler: USR1 %d USR2 %d\n", sigismember(&now, SIGUSR1), sigismember(&now, SIGUSR2));
}

int main(void) {
    again = 3;
    handle(SIGUSR1, nested, 0);
    raise(SIGUSR1);
    printf("deferred: %d deep, %d calls\n", deepest, calls);
    calls = deepest = 0, again = 3;
    handle(SIGUSR1, nested, SA_NODEFER);
    raise(SIGUSR1);
    printf("nodefer: %d deep, %d calls\n", deepest, calls);
    struct sigaction action = {.sa_sigaction = masks, .sa_flags = SA_SIGINFO}, old;
    action.sa_mask = set_of(SIGUSR2);
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    raise(SIGUSR1);
    action.sa_flags |= SA_NODEFER;
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    raise(SIGUSR1);
    handle(SIGUSR1, masks, SA_RESETHAND);
    raise(SIGUSR1);
    CHECK(sigaction(SIGUSR1, NULL, &old) == 0);
    printf("reset: %d\n", old.sa_handler == SIG_DFL);
}
