// What becomes of newlines, carriage returns, tabs and lower case on their way out.
#include "pty.h"

static void try(struct pty *pty, tcflag_t output, const char *written, const char *wanted) {
    struct termios settings = settings_of(pty->slave);
    settings.c_oflag = OPOST;
    set(pty->slave, &settings);
    put(pty->slave, "\r");
    EXPECT(pty->master, "\r");
    settings.c_oflag = output;
    set(pty->slave, &settings);
    put(pty->slave, written);
    expect_bytes(pty->master, wanted, strlen(wanted), __FILE__, (int)output);
    expect_nothing(pty->master);
}

int main(void) {
    struct pty pty = open_pty();
    try(&pty, 0, "a\n\tb\r", "a\n\tb\r");
    try(&pty, OPOST, "a\nb", "a\nb");
    try(&pty, OPOST | ONLCR, "a\nb", "a\r\nb");
    try(&pty, OPOST | OCRNL, "a\rb", "a\nb");
    try(&pty, OPOST | ONOCR, "\ra\r\rb", "a\rb");
    try(&pty, OPOST | ONLRET | ONOCR, "a\n\rb", "a\nb");
    try(&pty, OPOST | OLCUC, "aBc", "ABC");
    try(&pty, OPOST | TAB3, "ab\tc\td\b\te", "ab      c       d\b        e");
    try(&pty, OPOST | ONLCR | TAB3, "abc\n\tx", "abc\r\n        x");
}
