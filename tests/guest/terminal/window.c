// Both ends see the window's size.
#include "pty.h"

int main(void) {
    struct pty pty = open_pty();
    struct winsize size = {.ws_row = 24, .ws_col = 80, .ws_xpixel = 640, .ws_ypixel = 480}, got;
    CHECK(ioctl(pty.master, TIOCSWINSZ, &size) == 0 && ioctl(pty.slave, TIOCGWINSZ, &got) == 0);
    CHECK(memcmp(&size, &got, sizeof size) == 0);
    size.ws_row = 50;
    CHECK(ioctl(pty.slave, TIOCSWINSZ, &size) == 0 && ioctl(pty.master, TIOCGWINSZ, &got) == 0);
    CHECK(memcmp(&size, &got, sizeof size) == 0);
    CHECK_ERRNO(ioctl(pty.slave, TIOCSWINSZ, 1), EFAULT);
}
