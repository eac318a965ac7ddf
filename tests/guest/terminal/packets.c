// In packet mode the master reads a byte before the bytes, and learns of flow control and of flushes.
#include "pty.h"

int main(void) {
    struct pty pty = open_pty();
    int on = 1, mode = 0;
    CHECK_ERRNO(ioctl(pty.slave, TIOCPKT, &on), ENOTTY);
    CHECK(ioctl(pty.master, TIOCPKT, &on) == 0 && ioctl(pty.master, TIOCGPKT, &mode) == 0 && mode == 1);
    char buffer[64];
    put(pty.slave, "abc");
    CHECK_EQ(wait_for(pty.master, POLLIN), POLLIN);
    CHECK_EQ(read(pty.master, buffer, sizeof buffer), 4);
    CHECK(memcmp(buffer, "\0abc", 4) == 0);
    struct termios settings = settings_of(pty.slave), start = settings;
    settings.c_iflag &= ~(tcflag_t)IXON;
    set(pty.slave, &settings);
    CHECK_EQ(wait_for(pty.master, POLLIN | POLLPRI), POLLIN | POLLPRI);
    CHECK_EQ(read(pty.master, buffer, sizeof buffer), 1);
    CHECK_EQ(buffer[0], TIOCPKT_NOSTOP);
    set(pty.slave, &start);
    EXPECT(pty.master, "\040");
    CHECK(tcflow(pty.slave, TCOOFF) == 0);
    EXPECT(pty.master, "\004");
    CHECK(tcflow(pty.slave, TCOON) == 0);
    EXPECT(pty.master, "\010");
    CHECK(tcflush(pty.slave, TCIFLUSH) == 0);
    EXPECT(pty.master, "\001");
    CHECK(ioctl(pty.master, TIOCPKT, &(int){0}) == 0);
    put(pty.slave, "plain");
    EXPECT(pty.master, "plain");
}
