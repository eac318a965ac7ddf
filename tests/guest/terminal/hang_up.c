// Without its master a terminal reads as ended, and nothing can be written to it.
#include "pty.h"

int main(void) {
    struct pty pty = open_pty();
    char buffer[16];
    put(pty.master, "unread\n");
    CHECK_EQ(wait_for(pty.slave, POLLIN), POLLIN);
    close(pty.master);
    CHECK_EQ(wait_for(pty.slave, POLLIN | POLLOUT), POLLIN | POLLOUT | POLLERR | POLLHUP);
    CHECK_EQ(read(pty.slave, buffer, sizeof buffer), 0);
    CHECK_EQ(read(pty.slave, buffer, sizeof buffer), 0);
    CHECK_ERRNO(write(pty.slave, "x", 1), EIO);
    struct termios settings;
    CHECK_ERRNO(tcgetattr(pty.slave, &settings), EIO);
    CHECK_ERRNO(ioctl(pty.slave, TIOCSPGRP, &(int){1}), ENOTTY);
    CHECK_ERRNO(open(pty.name, O_RDWR | O_NOCTTY), ENOENT);
}
