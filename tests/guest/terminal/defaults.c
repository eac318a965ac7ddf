// The settings of a new terminal.
#include "pty.h"

int main(void) {
    struct pty pty = open_pty();
    struct termios settings = settings_of(pty.slave), of_master = settings_of(pty.master);
    CHECK(memcmp(&settings, &of_master, sizeof settings) == 0);
    printf("%o %o %o %o\n", settings.c_iflag, settings.c_oflag, settings.c_cflag, settings.c_lflag);
    for (int i = 0; i < 17; i++) printf("%d ", settings.c_cc[i]);
    printf("\n%u %u\n", cfgetispeed(&settings), cfgetospeed(&settings));
    int discipline = -1;
    CHECK(ioctl(pty.slave, TIOCGETD, &discipline) == 0 && discipline == 0);
    struct winsize size;
    CHECK(ioctl(pty.slave, TIOCGWINSZ, &size) == 0);
    printf("%d %d\n", size.ws_row, size.ws_col);
}
