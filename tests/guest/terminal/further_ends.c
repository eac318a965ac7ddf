// Two further characters can end lines.
#include "pty.h"

int main(void) {
    struct pty pty = open_pty();
    struct termios settings = settings_of(pty.slave);
    settings.c_cc[VEOL] = ';';
    settings.c_cc[VEOL2] = '.';
    set(pty.slave, &settings);
    put(pty.master, "a;b.c\n");
    char buffer[16];
    CHECK(wait_for(pty.slave, POLLIN) == POLLIN);
    CHECK(read(pty.slave, buffer, sizeof buffer) == 2 && buffer[1] == ';');
    CHECK(read(pty.slave, buffer, sizeof buffer) == 2 && buffer[1] == '.');
    CHECK(read(pty.slave, buffer, sizeof buffer) == 2 && buffer[1] == '\n');
    EXPECT(pty.master, "a;b.c\r\n");
}
