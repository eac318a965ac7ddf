// After the literal-next key, no key has a meaning.
#include "pty.h"

int main(void) {
    struct pty pty = open_pty();
    put(pty.master, "a\026\177\026\003\026\nb\026\026\n");
    EXPECT(pty.slave, "a\177\003\nb\026\n");
    EXPECT(pty.master, "a^\b^?^\b^C^\b^Jb^\b^V\r\n");
    struct termios settings = settings_of(pty.slave);
    settings.c_lflag &= ~(tcflag_t)IEXTEN;
    set(pty.slave, &settings);
    put(pty.master, "a\026\027\n");
    EXPECT(pty.slave, "a\026\027\n");
}
