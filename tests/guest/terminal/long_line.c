// A line has at most 4096 bytes with its end; what is typed beyond is lost.
#include "pty.h"

int main(void) {
    struct pty pty = open_pty();
    without_echo(pty.slave);
    char line[5000], got[8192];
    memset(line, 'x', sizeof line);
    for (size_t i = 0; i < 5; i++) CHECK_EQ(write(pty.master, line + 1000 * i, 1000), 1000);
    expect_nothing(pty.slave);
    put(pty.master, "\n");
    CHECK(wait_for(pty.slave, POLLIN) == POLLIN);
    ssize_t count = read(pty.slave, got, sizeof got);
    CHECK_EQ(count, 4096);
    CHECK(got[4094] == 'x' && got[4095] == '\n');
    put(pty.master, "ok\n");
    EXPECT(pty.slave, "ok\n");
}
