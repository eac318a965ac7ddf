// Keys erase characters, words and lines, and the screen shows it.
#include "pty.h"

#define WIPE "\b \b"

int main(void) {
    struct pty pty = open_pty();
    put(pty.master, "abx\177c\n");
    EXPECT(pty.slave, "abc\n");
    EXPECT(pty.master, "abx" WIPE "c\r\n");
    put(pty.master, "one two_3  \027x\n");
    EXPECT(pty.slave, "one x\n");
    EXPECT(pty.master, "one two_3  " WIPE WIPE WIPE WIPE WIPE WIPE WIPE "x\r\n");
    put(pty.master, "gone\025here\n");
    EXPECT(pty.slave, "here\n");
    EXPECT(pty.master, "gone" WIPE WIPE WIPE WIPE "here\r\n");
    put(pty.master, "\177\025\027\001\177ab\t\177.\t\t\177\177\n");
    EXPECT(pty.slave, "ab.\n");
    EXPECT(pty.master, "^A" WIPE WIPE "ab\t\b\b\b\b\b\b.\t\t\b\b\b\b\b\b\b\b\b\b\b\b\b\r\n");
    put(pty.master, "ab\022c\n");
    EXPECT(pty.slave, "abc\n");
    EXPECT(pty.master, "ab^R\r\nabc\r\n");
}
