// When a group with a stopped member becomes orphaned, its members get SIGHUP and SIGCONT.
#include "../test.h"

int main(void) {
    int ends[2], *seen = shared_pages(1);
    char byte;
    CHECK(pipe(ends) == 0);
    struct gate ready = new_gate();
    pid_t child = fork_child();
    if (child == 0) {
        int status;
        pid_t member = fork_child();
        if (member == 0) {
            sigset_t set = set_of(SIGHUP);
            siginfo_t info;
            CHECK(setpgid(0, 0) == 0 && sigprocmask(SIG_BLOCK, &set, NULL) == 0);
            CHECK(raise(SIGSTOP) == 0);
            CHECK_EQ(sigwaitinfo(&set, &info), SIGHUP);
            *seen = 1;
            _exit(0);
        }
        CHECK_EQ(waitpid(member, &status, WUNTRACED), member);
        CHECK(WIFSTOPPED(status));
        open_gate(ready);
        // With this process goes the only parent that the member's group has in another group.
        _exit(0);
    }
    CHECK(close(ends[1]) == 0);
    CHECK_EXITS(child, 0);
    CHECK_EQ(read(ends[0], &byte, 1), 0);
    CHECK_EQ(*seen, 1);
    puts("ok");
}
