// Settings are kept, as far as a terminal without a line can have them; speeds too.
#include "pty.h"

struct termios2 {
    tcflag_t c_iflag, c_oflag, c_cflag, c_lflag;
    cc_t c_line, c_cc[19];
    speed_t c_ispeed, c_ospeed;
};
#define GET2 0x802c542a
#define SET2 0x402c542b

int main(void) {
    struct pty pty = open_pty();
    struct termios settings = settings_of(pty.slave);
    settings.c_cflag = (settings.c_cflag & ~(tcflag_t)CSIZE) | CS7 | PARENB;
    settings.c_cc[VINTR] = 'x';
    CHECK(cfsetspeed(&settings, B115200) == 0);
    set(pty.slave, &settings);
    settings = settings_of(pty.master);
    CHECK_EQ(settings.c_cflag & (CSIZE | PARENB), CS8);
    CHECK_EQ(settings.c_cc[VINTR], 'x');
    CHECK(cfgetospeed(&settings) == B115200 && cfgetispeed(&settings) == B115200);
    struct termios2 full;
    CHECK(ioctl(pty.slave, GET2, &full) == 0);
    printf("%u %u\n", full.c_ispeed, full.c_ospeed);
    full.c_cflag = (full.c_cflag & ~(tcflag_t)0x100f100f) | 0x1000;
    full.c_ispeed = full.c_ospeed = 12345;
    CHECK(ioctl(pty.slave, SET2, &full) == 0 && ioctl(pty.slave, GET2, &full) == 0);
    printf("%u %u\n", full.c_ispeed, full.c_ospeed);
    CHECK_ERRNO(ioctl(pty.slave, TCSETS, 1), EFAULT);
    CHECK_ERRNO(ioctl(pty.slave, TCGETS, 1), EFAULT);
}
