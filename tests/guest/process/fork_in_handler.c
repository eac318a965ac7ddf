// fork inside a signal handler: the child leaves the handler by itself and goes on where it was interrupted.
#include "../test.h"

static volatile pid_t child = -1;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    child = fork();
}

int main(void) {
    sigset_t now;
    pid_t parent = getpid();
    handle(SIGUSR1, on_signal, 0);
    CHECK(raise(SIGUSR1) == 0);
    CHECK(sigprocmask(SIG_BLOCK, NULL, &now) == 0 && !sigismember(&now, SIGUSR1));
    if (child == 0) {
        CHECK_EQ(getppid(), parent);
        _exit(12);
    }
    CHECK(child > 0);
    CHECK_EXITS(child, 12);
    puts("ok");
}
