// setsid makes session and group; a group leader is refused; groups of other sessions cannot be joined.
#include "../test.h"

int main(void) {
    struct gate ready = new_gate(), gate = new_gate();
    pid_t session = getsid(0), group = getpgrp(), child = fork_child();
    if (child == 0) {
        CHECK_EQ(setsid(), getpid());
        CHECK_EQ(getsid(0), getpid());
        CHECK_EQ(getpgrp(), getpid());
        CHECK_ERRNO(setsid(), EPERM);
        CHECK_ERRNO(setpgid(0, 0), EPERM);
        CHECK_ERRNO(setpgid(0, group), EPERM);
        CHECK_EQ(getsid(getppid()), session);
        pid_t grandchild = fork_child();
        if (grandchild == 0) {
            CHECK_EQ(getsid(0), getppid());
            CHECK_ERRNO(setpgid(0, group), EPERM);
            CHECK(setpgid(0, 0) == 0);
            CHECK_ERRNO(setsid(), EPERM);
            _exit(0);
        }
        CHECK_EXITS(grandchild, 0);
        open_gate(ready);
        pass_gate(gate);
        _exit(5);
    }
    pass_gate(ready);
    CHECK_EQ(getsid(child), child);
    CHECK_EQ(getpgid(child), child);
    CHECK_EQ(getsid(0), session);
    CHECK_ERRNO(setpgid(child, child), EPERM);
    CHECK_ERRNO(setpgid(child, group), EPERM);
    CHECK_ERRNO(setpgid(0, child), EPERM);
    open_gate(gate);
    CHECK_EXITS(child, 5);
    puts("ok");
}
