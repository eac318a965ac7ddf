// Nobody types in the user's name; other requests that terminals do not have are ENOTTY.
#include "pty.h"

int main(void) {
    struct pty pty = open_pty();
    // Whether this is allowed to the superuser and to others is the kernel's configuration; it is not for a
    // terminal that is not one's own.
    if (geteuid() != 0) {
        CHECK(ioctl(pty.slave, TIOCSTI, "x") == -1);
        CHECK(errno == EIO || errno == EPERM);
    }
    CHECK_ERRNO(ioctl(pty.slave, 0x5499, 0), ENOTTY);
    CHECK_ERRNO(ioctl(pty.master, 0x5499, 0), ENOTTY);
    CHECK_ERRNO(ioctl(pty.slave, TIOCLINUX, &(char){2}), ENOTTY);
    CHECK_ERRNO(lseek(pty.slave, 0, SEEK_SET), ESPIPE);
    char byte;
    CHECK_ERRNO(pread(pty.slave, &byte, 1, 0), ESPIPE);
    int reader = open(pty.name, O_RDONLY | O_NOCTTY), writer = open(pty.name, O_WRONLY | O_NOCTTY);
    CHECK_ERRNO(write(reader, "x", 1), EBADF);
    CHECK_ERRNO(read(writer, &byte, 1), EBADF);
}
