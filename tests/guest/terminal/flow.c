// Output is stopped and started by keys and by calls.
#include "pty.h"

int main(void) {
    struct pty pty = open_pty();
    put(pty.master, "\023");
    sleep_ms(50);
    struct pollfd writable = {.fd = pty.slave, .events = POLLOUT};
    CHECK_EQ(poll(&writable, 1, 0), 0);
    CHECK(fcntl(pty.slave, F_SETFL, O_RDWR | O_NONBLOCK) == 0);
    CHECK_ERRNO(write(pty.slave, "x", 1), EAGAIN);
    put(pty.master, "ab");
    expect_nothing(pty.master);
    put(pty.master, "\021");
    EXPECT(pty.master, "ab");
    put(pty.slave, "x");
    EXPECT(pty.master, "x");
    CHECK(tcflow(pty.slave, TCOOFF) == 0);
    CHECK_ERRNO(write(pty.slave, "x", 1), EAGAIN);
    put(pty.master, "\021");
    sleep_ms(50);
    CHECK_ERRNO(write(pty.slave, "x", 1), EAGAIN);
    CHECK(tcflow(pty.slave, TCOON) == 0);
    put(pty.slave, "y");
    EXPECT(pty.master, "y");
    CHECK(tcflow(pty.slave, TCIOFF) == 0 && tcflow(pty.slave, TCION) == 0);
    EXPECT(pty.master, "\023\021");
    struct termios settings = settings_of(pty.slave);
    settings.c_iflag |= IXANY;
    set(pty.slave, &settings);
    put(pty.master, "\023");
    sleep_ms(50);
    CHECK_ERRNO(write(pty.slave, "x", 1), EAGAIN);
    put(pty.master, "k");
    EXPECT(pty.master, "k");
    CHECK_ERRNO(ioctl(pty.slave, TCXONC, 9), EINVAL);
}
