// Two processes signal each other two thousand times, waiting by sigsuspend, and lose nothing.
#include "../test.h"

enum { ROUNDS = 1000 };
static volatile int got;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    got++;
}

int main(void) {
    sigset_t set = set_of(SIGUSR1), open_set;
    handle(SIGUSR1, on_signal, 0);
    CHECK(sigprocmask(SIG_BLOCK, &set, &open_set) == 0);
    pid_t parent = getpid(), child = fork_child();
    if (child == 0) {
        for (int i = 1; i <= ROUNDS; i++) {
            while (got < i) sigsuspend(&open_set);
            CHECK(kill(parent, SIGUSR1) == 0);
        }
        _exit(0);
    }
    for (int i = 1; i <= ROUNDS; i++) {
        CHECK(kill(child, SIGUSR1) == 0);
        while (got < i) sigsuspend(&open_set);
    }
    CHECK_EXITS(child, 0);
    CHECK_EQ(got, ROUNDS);
    puts("ok");
}
