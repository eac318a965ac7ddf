// Pending signals, of the process and of the thread, stay with the parent.
#include "../test.h"

int main(void) {
    sigset_t set = set_of(SIGUSR1), pending;
    sigaddset(&set, SIGUSR2);
    sigaddset(&set, SIGRTMIN);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    CHECK(kill(getpid(), SIGUSR1) == 0 && raise(SIGUSR2) == 0);
    CHECK(sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 3}) == 0);
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(sigpending(&pending) == 0);
        CHECK(sigisemptyset(&pending));
        CHECK_ERRNO(sigtimedwait(&set, NULL, &(struct timespec){0, 0}), EAGAIN);
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    CHECK(sigpending(&pending) == 0);
    CHECK(sigismember(&pending, SIGUSR1) && sigismember(&pending, SIGUSR2) && sigismember(&pending, SIGRTMIN));
    puts("ok");
}
