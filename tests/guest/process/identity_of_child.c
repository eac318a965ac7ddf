// A child that changes its user: kill and prlimit between different users are EPERM, a signal from root is not.
#include "../test.h"
#include <sys/resource.h>

int main(void) {
    pid_t parent = getpid();
    struct rlimit limit;
    if (geteuid() != 0) {
        puts("ok");
        return 0;
    }
    struct gate ready = new_gate(), gate = new_gate();
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(setresgid(65534, 65534, 65534) == 0 && setresuid(65534, 65534, 65534) == 0);
        CHECK_ERRNO(kill(parent, 0), EPERM);
        CHECK_ERRNO(kill(parent, SIGTERM), EPERM);
        CHECK_ERRNO(sigqueue(parent, SIGTERM, (union sigval){0}), EPERM);
        CHECK_EQ(raw(SYS_tgkill, parent, parent, SIGTERM), -EPERM);
        CHECK_ERRNO(prlimit(parent, RLIMIT_NOFILE, NULL, &limit), EPERM);
        CHECK_ERRNO(setpriority(PRIO_PROCESS, (id_t)parent, 19), EPERM);
        // The one exception: SIGCONT within a session.
        CHECK(kill(parent, SIGCONT) == 0);
        CHECK_ERRNO(setresuid(0, 0, 0), EPERM);
        open_gate(ready);
        pass_gate(gate);
        _exit(0);
    }
    pass_gate(ready);
    CHECK(kill(child, 0) == 0);
    open_gate(gate);
    CHECK_EXITS(child, 0);
    puts("ok");
}
