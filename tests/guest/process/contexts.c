// makecontext and swapcontext switch stacks and signal masks.
#include "../test.h"
#include <ucontext.h>

static ucontext_t main_context, one, two;
static char stacks[2][65536];

static void body(int number) {
    for (int i = 0; i < 3; i++) {
        printf("%d.%d ", number, i);
        CHECK(swapcontext(number == 1 ? &one : &two, number == 1 ? &two : &one) == 0);
    }
}

int main(void) {
    sigset_t now;
    CHECK(getcontext(&one) == 0 && getcontext(&two) == 0);
    one.uc_stack = (stack_t){.ss_sp = stacks[0], .ss_size = sizeof stacks[0]};
    two.uc_stack = (stack_t){.ss_sp = stacks[1], .ss_size = sizeof stacks[1]};
    one.uc_link = two.uc_link = &main_context;
    sigaddset(&one.uc_sigmask, SIGUSR1);
    makecontext(&one, (void (*)(void))body, 1, 1);
    makecontext(&two, (void (*)(void))body, 1, 2);
    CHECK(swapcontext(&main_context, &one) == 0);
    CHECK(sigprocmask(SIG_BLOCK, NULL, &now) == 0);
    printf("%d\n", sigismember(&now, SIGUSR1));
}
