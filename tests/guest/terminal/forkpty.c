// The C library's own ways to a terminal.
#include "pty.h"
#include <pty.h>

int main(void) {
    int master, slave;
    char name[64];
    struct winsize size = {.ws_row = 10, .ws_col = 20}, got;
    CHECK(openpty(&master, &slave, name, NULL, &size) == 0);
    CHECK(strcmp(ttyname(slave), name) == 0);
    CHECK(ioctl(slave, TIOCGWINSZ, &got) == 0 && got.ws_row == 10 && got.ws_col == 20);
    pid_t child = forkpty(&master, name, NULL, &size);
    CHECK(child >= 0);
    if (child == 0) {
        CHECK(isatty(0) && isatty(1) && isatty(2));
        CHECK_EQ(tcgetpgrp(0), getpid());
        char line[16];
        CHECK(fgets(line, sizeof line, stdin) != NULL);
        printf("<%s>", line);
        fflush(stdout);
        _exit(3);
    }
    put(master, "hi\n");
    EXPECT(master, "hi\r\n<hi\r\n>");
    CHECK_EQ(status_of(child), 3 << 8);
}
