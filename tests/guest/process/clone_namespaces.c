// New namespaces need privilege: EPERM without it, from clone, clone3 and unshare.
#include "../test.h"
#include <linux/sched.h>

int main(void) {
    unsigned long flags[] = {CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWCGROUP};
    if (geteuid() == 0) CHECK(setresgid(65534, 65534, 65534) == 0 && setresuid(65534, 65534, 65534) == 0);
    for (size_t i = 0; i < COUNT(flags); i++) {
        CHECK_EQ(raw(SYS_clone, flags[i] | SIGCHLD, 0, 0, 0, 0), -EPERM);
        struct clone_args args = {.flags = flags[i], .exit_signal = SIGCHLD};
        CHECK_EQ(raw(SYS_clone3, &args, sizeof args), -EPERM);
        CHECK_ERRNO(unshare((int)flags[i]), EPERM);
    }
    CHECK_ERRNO(wait(NULL), ECHILD);
    puts("ok");
}
