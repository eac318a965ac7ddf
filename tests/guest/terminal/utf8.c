// With IUTF8 a character of several bytes is erased whole; without it, byte by byte.
#include "pty.h"

int main(void) {
    struct pty pty = open_pty();
    struct termios settings = settings_of(pty.slave);
    settings.c_iflag |= IUTF8;
    set(pty.slave, &settings);
    put(pty.master, "a\xe2\x82\xac\xc3\xa9\177\177b\n");
    EXPECT(pty.slave, "ab\n");
    EXPECT(pty.master, "a\xe2\x82\xac\xc3\xa9\b \b\b \bb\r\n");
    settings.c_iflag &= ~(tcflag_t)IUTF8;
    set(pty.slave, &settings);
    put(pty.master, "\xc3\xa9\177b\n");
    EXPECT(pty.slave, "\xc3" "b\n");
}
