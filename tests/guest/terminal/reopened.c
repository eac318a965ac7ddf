// A terminal opened again through /proc/self/fd is the same terminal, and is counted.
#include "pty.h"

int main(void) {
    struct pty pty = open_pty();
    char link[64], buffer[8];
    snprintf(link, sizeof link, "/proc/self/fd/%d", pty.slave);
    int again = open(link, O_RDWR | O_NOCTTY);
    CHECK(again >= 0 && strcmp(ttyname(again), pty.name) == 0);
    close(pty.slave);
    put(again, "x");
    EXPECT(pty.master, "x");
    CHECK(fcntl(again, F_GETFL) == (O_RDWR | 0100000) || fcntl(again, F_GETFL) == O_RDWR);
    int copy = dup(again);
    close(again);
    put(copy, "y");
    EXPECT(pty.master, "y");
    close(copy);
    CHECK(wait_for(pty.master, POLLIN) & POLLHUP);
    CHECK_ERRNO(read(pty.master, buffer, sizeof buffer), EIO);
}
