// Erasing on terminals that cannot wipe out, or that print what is erased.
#include "pty.h"

int main(void) {
    struct pty pty = open_pty();
    struct termios start = settings_of(pty.slave), settings = start;
    settings.c_lflag &= ~(tcflag_t)(ECHOE | ECHOKE);
    set(pty.slave, &settings);
    put(pty.master, "ab\177\025c\n");
    EXPECT(pty.slave, "c\n");
    EXPECT(pty.master, "ab^?^U\r\nc\r\n");
    settings = start;
    settings.c_lflag |= ECHOPRT;
    set(pty.slave, &settings);
    put(pty.master, "abc\177\177d\n");
    EXPECT(pty.slave, "ad\n");
    EXPECT(pty.master, "abc\\cb/d\r\n");
    settings = start;
    settings.c_lflag = (settings.c_lflag & ~(tcflag_t)ECHO) | ECHONL;
    set(pty.slave, &settings);
    put(pty.master, "hid\177den\n");
    EXPECT(pty.slave, "hiden\n");
    EXPECT(pty.master, "\r\n");
}
