// Queues are thrown away; output is the master's at once, so draining it takes no time.
#include "pty.h"

int main(void) {
    struct pty pty = open_pty();
    int count = -1;
    without_echo(pty.slave);
    put(pty.master, "ab\ncd");
    CHECK_EQ(wait_for(pty.slave, POLLIN), POLLIN);
    sleep_ms(50);
    CHECK(tcflush(pty.slave, TCIFLUSH) == 0);
    expect_nothing(pty.slave);
    put(pty.master, "ef\n");
    EXPECT(pty.slave, "ef\n");
    put(pty.slave, "text");
    CHECK(tcdrain(pty.slave) == 0 && tcsendbreak(pty.slave, 0) == 0);
    CHECK(ioctl(pty.slave, TIOCOUTQ, &count) == 0 && count == 0);
    EXPECT(pty.master, "text");
    put(pty.slave, "gone");
    CHECK_EQ(wait_for(pty.master, POLLIN), POLLIN);
    CHECK(tcflush(pty.master, TCIFLUSH) == 0);
    expect_nothing(pty.master);
    CHECK(tcflush(pty.slave, TCIOFLUSH) == 0 && tcflush(pty.slave, TCOFLUSH) == 0);
    CHECK_ERRNO(ioctl(pty.slave, TCFLSH, 7), EINVAL);
}
