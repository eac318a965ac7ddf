// The slave can be opened from its master, without its path.
#include "pty.h"

#ifndef TIOCGPTPEER
#define TIOCGPTPEER 0x5441
#endif

int main(void) {
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    CHECK(unlockpt(master) == 0);
    int slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
    CHECK(slave >= 0 && isatty(slave) && fcntl(slave, F_GETFD) == FD_CLOEXEC);
    char name[64];
    CHECK(ptsname_r(master, name, sizeof name) == 0 && strcmp(ttyname(slave), name) == 0);
    put(slave, "x");
    EXPECT(master, "x");
    CHECK_ERRNO(ioctl(slave, TIOCGPTPEER, O_RDWR), EIO);
}
