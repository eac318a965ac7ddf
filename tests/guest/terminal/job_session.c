// A session's leader takes a terminal by opening it or by asking, once; the rest of the session has it too.
#include "pty.h"

static int member(void) {
    int terminal = open("/dev/tty", O_RDWR);
    CHECK(terminal >= 0 && strcmp(ttyname(terminal), "/dev/tty") == 0);
    CHECK_EQ(tcgetsid(terminal), getsid(0));
    CHECK_EQ(tcgetpgrp(terminal), getpgrp());
    // A session of its own is without a terminal.
    CHECK(setsid() == getpid());
    CHECK_ERRNO(open("/dev/tty", O_RDWR), ENXIO);
    CHECK_ERRNO(tcgetpgrp(terminal), ENOTTY);
    if (geteuid() != 0) CHECK_ERRNO(ioctl(terminal, TIOCSCTTY, 1), EPERM);
    return 0;
}

int main(void) {
    struct pty pty = open_pty(), other = open_pty();
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        CHECK(setsid() == getpid());
        CHECK_ERRNO(open("/dev/tty", O_RDWR), ENXIO);
        CHECK(open(pty.name, O_RDWR | O_NOCTTY) >= 0);
        CHECK_ERRNO(open("/dev/tty", O_RDWR), ENXIO);
        int slave = open(pty.name, O_RDWR);
        CHECK(slave >= 0 && tcgetsid(slave) == getpid() && tcgetpgrp(slave) == getpid());
        CHECK(ioctl(slave, TIOCSCTTY, 0) == 0);
        CHECK_ERRNO(ioctl(other.slave, TIOCSCTTY, 0), EPERM);
        int group = -1;
        CHECK(ioctl(pty.master, TIOCGPGRP, &group) == 0 && group == getpid());
        CHECK(ioctl(pty.master, TIOCGSID, &group) == 0 && group == getpid());
        pid_t grandchild = fork();
        CHECK(grandchild >= 0);
        if (grandchild == 0) _exit(member());
        expect_success(grandchild);
        signal(SIGHUP, SIG_IGN);
        CHECK(ioctl(slave, TIOCNOTTY) == 0);
        CHECK_ERRNO(open("/dev/tty", O_RDWR), ENXIO);
        CHECK_ERRNO(tcgetpgrp(slave), ENOTTY);
        _exit(0);
    }
    expect_success(child);
}
