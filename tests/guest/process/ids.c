// Process, parent, group and session numbers in every way of asking; what getpgid and setpgid refuse.
#include "../test.h"

int main(void) {
    CHECK(getpid() > 0 && raw(SYS_getpid) == getpid());
    CHECK(getppid() >= 0 && raw(SYS_getppid) == getppid());
    CHECK(getpgrp() >= 0 && getpgid(0) == getpgrp() && getpgid(getpid()) == getpgrp());
    CHECK(getsid(0) >= 0 && getsid(getpid()) == getsid(0));
    CHECK_ERRNO(getpgid(0x7ffffff0), ESRCH);
    CHECK_ERRNO(getpgid(-1), ESRCH);
    CHECK_ERRNO(getsid(0x7ffffff0), ESRCH);
    CHECK_ERRNO(setpgid(0, -1), EINVAL);
    CHECK_ERRNO(setpgid(0x7ffffff0, 0), ESRCH);
    puts("ok");
}
