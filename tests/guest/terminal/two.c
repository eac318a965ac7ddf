// Pseudoterminals have numbers of their own, and what is typed on one stays there.
#include "pty.h"

int main(void) {
    struct pty one = open_pty(), two = open_pty();
    CHECK(strcmp(one.name, two.name) != 0);
    put(one.master, "one\n");
    put(two.master, "two\n");
    EXPECT(two.slave, "two\n");
    EXPECT(one.slave, "one\n");
    put(one.slave, "out");
    EXPECT(one.master, "one\r\nout");
    EXPECT(two.master, "two\r\n");
    expect_nothing(two.master);
}
