// Without lines, bytes come as they are, at once.
#include "pty.h"

int main(void) {
    struct pty pty = open_pty();
    make_raw(pty.slave, 1, 0);
    CHECK_EQ(write(pty.master, "a\r\003\177\004\021\023\xff\0", 9), 9);
    EXPECT(pty.slave, "a\r\003\177\004\021\023\xff\0");
    expect_nothing(pty.master);
    put(pty.slave, "x\n");
    EXPECT(pty.master, "x\n");
}
