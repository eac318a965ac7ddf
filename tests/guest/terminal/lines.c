// Input comes in lines: a read gives one, or as much of it as fits.
#include "pty.h"

int main(void) {
    struct pty pty = open_pty();
    int count;
    put(pty.master, "ab");
    EXPECT(pty.master, "ab");
    expect_nothing(pty.slave);
    put(pty.master, "c\rsecond\n");
    EXPECT(pty.master, "c\r\nsecond\r\n");
    CHECK(wait_for(pty.slave, POLLIN) == POLLIN && ioctl(pty.slave, FIONREAD, &count) == 0);
    CHECK_EQ(count, 11);
    char buffer[64];
    CHECK_EQ(read(pty.slave, buffer, sizeof buffer), 4);
    CHECK(memcmp(buffer, "abc\n", 4) == 0);
    CHECK_EQ(read(pty.slave, buffer, 3), 3);
    CHECK_EQ(read(pty.slave, buffer, sizeof buffer), 4);
    CHECK(memcmp(buffer, "ond\n", 4) == 0);
    expect_nothing(pty.slave);
}
