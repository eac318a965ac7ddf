// Exclusive use is kept and told.
#include "pty.h"

int main(void) {
    struct pty pty = open_pty();
    int exclusive = -1;
    CHECK(ioctl(pty.slave, TIOCGEXCL, &exclusive) == 0 && exclusive == 0);
    CHECK(ioctl(pty.slave, TIOCEXCL) == 0);
    CHECK(ioctl(pty.slave, TIOCGEXCL, &exclusive) == 0 && exclusive == 1);
    int second = open(pty.name, O_RDWR | O_NOCTTY);
    CHECK(geteuid() == 0 ? second >= 0 : second == -1 && errno == EBUSY);
    CHECK(ioctl(pty.slave, TIOCNXCL) == 0);
    CHECK(open(pty.name, O_RDWR | O_NOCTTY) >= 0);
}
