// PR_SET_PDEATHSIG: the child gets the signal when its parent ends; bad numbers are EINVAL.
#include "../test.h"
#include <sys/prctl.h>

int main(void) {
    int number = 0, *seen = shared_pages(1), ends[2];
    char byte;
    CHECK(pipe(ends) == 0);
    pid_t child = fork_child();
    if (child == 0) {
        pid_t parent = getpid();
        struct gate ready = new_gate();
        if (fork_child() == 0) {
            sigset_t set = set_of(SIGUSR1);
            siginfo_t info;
            CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0 && prctl(PR_SET_PDEATHSIG, SIGUSR1) == 0);
            CHECK(prctl(PR_GET_PDEATHSIG, &number) == 0 && number == SIGUSR1);
            open_gate(ready);
            CHECK_EQ(sigwaitinfo(&set, &info), SIGUSR1);
            *seen = info.si_pid == parent && info.si_code == SI_USER ? 1 : 2;
            _exit(0);
        }
        pass_gate(ready);
        _exit(0);
    }
    CHECK(close(ends[1]) == 0);
    CHECK_EXITS(child, 0);
    CHECK_EQ(read(ends[0], &byte, 1), 0);
    CHECK_EQ(*seen, 1);
    CHECK_ERRNO(prctl(PR_SET_PDEATHSIG, 65), EINVAL);
    CHECK_ERRNO(prctl(PR_SET_PDEATHSIG, -1), EINVAL);
    CHECK(prctl(PR_SET_PDEATHSIG, 0) == 0);
    puts("ok");
}
