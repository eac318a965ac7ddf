// Realtime signals from another process queue: lower numbers first, each number in the order sent.
#include "../test.h"

int main(void) {
    sigset_t set = set_of(0);
    for (int i = 0; i < 3; i++) sigaddset(&set, SIGRTMIN + i);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    pid_t parent = getpid(), child = fork_child();
    if (child == 0) {
        for (int i = 0; i < 30; i++) CHECK(sigqueue(parent, SIGRTMIN + 2 - i % 3, (union sigval){.sival_int = i}) == 0);
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    for (int number = 0; number < 3; number++)
        for (int i = 0; i < 10; i++) {
            siginfo_t info;
            CHECK_EQ(sigwaitinfo(&set, &info), SIGRTMIN + number);
            CHECK_EQ(info.si_value.sival_int, i * 3 + 2 - number);
            CHECK_EQ(info.si_pid, child);
        }
    CHECK_ERRNO(sigtimedwait(&set, NULL, &(struct timespec){0, 0}), EAGAIN);
    puts("ok");
}
