// A terminal that is nobody's controlling terminal tells no group, and sends nobody a signal.
#include "pty.h"

int main(void) {
    struct pty pty = open_pty();
    CHECK_ERRNO(tcgetpgrp(pty.slave), ENOTTY);
    CHECK_ERRNO(tcgetsid(pty.slave), ENOTTY);
    CHECK_ERRNO(ioctl(pty.slave, TIOCNOTTY), ENOTTY);
    CHECK_ERRNO(tcsetpgrp(pty.slave, getpgrp()), ENOTTY);
    put(pty.master, "a");
    EXPECT(pty.master, "a");
    put(pty.master, "\003b\n");
    EXPECT(pty.slave, "b\n");
    EXPECT(pty.master, "^Cb\r\n");
    int group = -1;
    CHECK(ioctl(pty.master, TIOCGPGRP, &group) == 0 && group == 0);
}
