// The end-of-file key ends a read: with what was typed, or with nothing.
#include "pty.h"

int main(void) {
    struct pty pty = open_pty();
    char buffer[16];
    int count;
    without_echo(pty.slave);
    put(pty.master, "ab\004\004c\n");
    CHECK(wait_for(pty.slave, POLLIN) == POLLIN);
    sleep_ms(50);
    CHECK(ioctl(pty.slave, FIONREAD, &count) == 0);
    CHECK_EQ(count, 4);
    CHECK_EQ(read(pty.slave, buffer, sizeof buffer), 2);
    CHECK_EQ(read(pty.slave, buffer, sizeof buffer), 0);
    CHECK_EQ(read(pty.slave, buffer, sizeof buffer), 2);
    put(pty.master, "\004");
    CHECK(wait_for(pty.slave, POLLIN) == POLLIN);
    CHECK_EQ(read(pty.slave, buffer, sizeof buffer), 0);
    // The terminal goes on after it.
    put(pty.master, "x\n");
    EXPECT(pty.slave, "x\n");
}
