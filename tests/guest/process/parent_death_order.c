// Whoever gets the parent-death signal has its new parent already.
#include "../test.h"
#include <sys/prctl.h>

int main(void) {
    _Atomic int *early = shared_pages(1);
    char byte;
    for (int i = 0; i < 60; i++) {
        int ends[2];
        CHECK(pipe(ends) == 0);
        pid_t child = fork_child();
        if (child == 0) {
            pid_t parent = getpid();
            struct gate ready = new_gate();
            if (fork_child() == 0) {
                sigset_t set = set_of(SIGUSR1);
                CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0 && prctl(PR_SET_PDEATHSIG, SIGUSR1) == 0);
                open_gate(ready);
                CHECK_EQ(sigwaitinfo(&set, NULL), SIGUSR1);
                *early += getppid() == parent;
                _exit(0);
            }
            pass_gate(ready);
            _exit(0);
        }
        CHECK(close(ends[1]) == 0);
        CHECK_EXITS(child, 0);
        CHECK_EQ(read(ends[0], &byte, 1), 0);
        CHECK(close(ends[0]) == 0);
    }
    CHECK_EQ(*early, 0);
    puts("ok");
}
