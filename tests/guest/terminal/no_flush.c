// Signal keys throw away what was typed, unless NOFLSH is set; without ISIG they are characters.
#include "pty.h"

int main(void) {
    struct pty pty = open_pty();
    put(pty.master, "gone");
    EXPECT(pty.master, "gone");
    put(pty.master, "\034kept\n");
    EXPECT(pty.slave, "kept\n");
    EXPECT(pty.master, "^\\kept\r\n");
    struct termios settings = settings_of(pty.slave);
    settings.c_lflag |= NOFLSH;
    set(pty.slave, &settings);
    put(pty.master, "ab\032cd\n");
    EXPECT(pty.slave, "abcd\n");
    EXPECT(pty.master, "ab^Zcd\r\n");
    settings.c_lflag &= ~(tcflag_t)ISIG;
    set(pty.slave, &settings);
    put(pty.master, "ab\003\n");
    EXPECT(pty.slave, "ab\003\n");
}
