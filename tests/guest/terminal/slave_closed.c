// When the last slave is closed the master reads what is left, then EIO; a new slave ends that.
#include "pty.h"

int main(void) {
    struct pty pty = open_pty();
    char buffer[16];
    int second = open(pty.name, O_RDWR | O_NOCTTY);
    put(pty.slave, "bye");
    close(pty.slave);
    EXPECT(pty.master, "bye");
    expect_nothing(pty.master);
    put(second, "end");
    close(second);
    EXPECT(pty.master, "end");
    CHECK(wait_for(pty.master, POLLIN) & POLLHUP);
    CHECK_ERRNO(read(pty.master, buffer, sizeof buffer), EIO);
    int third = open(pty.name, O_RDWR | O_NOCTTY);
    CHECK(third >= 0);
    expect_nothing(pty.master);
    put(third, "again");
    EXPECT(pty.master, "again");
}
