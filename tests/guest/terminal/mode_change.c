// What was typed before lines were asked for counts as one; an unfinished line can be read without lines.
#include "pty.h"

int main(void) {
    struct pty pty = open_pty();
    char buffer[16];
    without_echo(pty.slave);
    struct termios lines = settings_of(pty.slave);
    put(pty.master, "half");
    expect_nothing(pty.slave);
    make_raw(pty.slave, 1, 0);
    EXPECT(pty.slave, "half");
    put(pty.master, "ab");
    CHECK_EQ(wait_for(pty.slave, POLLIN), POLLIN);
    sleep_ms(50);
    set(pty.slave, &lines);
    CHECK_EQ(read(pty.slave, buffer, sizeof buffer), 2);
    expect_nothing(pty.slave);
    // A change that throws input away.
    put(pty.master, "gone\n");
    CHECK_EQ(wait_for(pty.slave, POLLIN), POLLIN);
    CHECK(tcsetattr(pty.slave, TCSAFLUSH, &lines) == 0);
    expect_nothing(pty.slave);
}
