// Only groups of the session can be put in the foreground, by either end.
#include "pty.h"

static int body(struct pty *pty) {
    CHECK_ERRNO(tcsetpgrp(pty->slave, 0x3fffff), ESRCH);
    CHECK_ERRNO(tcsetpgrp(pty->slave, getppid()), EPERM);
    CHECK_ERRNO(tcsetpgrp(pty->slave, -5), EINVAL);
    CHECK(tcsetpgrp(pty->master, getpgrp()) == 0);
    CHECK(tcsetpgrp(pty->slave, getpgrp()) == 0);
    return 0;
}

int main(void) {
    struct pty pty = open_pty();
    if (getpgrp() != getpid()) CHECK(setpgid(0, 0) == 0);
    expect_success(start_session(&pty, body));
}
