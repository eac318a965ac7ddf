// What becomes of carriage returns, newlines, upper case, the eighth bit and 255 on their way in.
#include "pty.h"

static void try(struct pty *pty, tcflag_t input, const char *typed, size_t length, const char *wanted, size_t got) {
    struct termios settings = settings_of(pty->slave);
    settings.c_iflag = input;
    settings.c_lflag = IEXTEN;
    settings.c_cc[VMIN] = 1;
    set(pty->slave, &settings);
    CHECK_EQ(write(pty->master, typed, length), length);
    expect_bytes(pty->slave, wanted, got, __FILE__, (int)input);
    expect_nothing(pty->slave);
}
#define TRY(input, typed, wanted) try(&pty, input, typed, sizeof(typed) - 1, wanted, sizeof(wanted) - 1)

int main(void) {
    struct pty pty = open_pty();
    TRY(0, "a\r\n\xff", "a\r\n\xff");
    TRY(ICRNL, "a\r\n", "a\n\n");
    TRY(INLCR, "a\r\n", "a\r\r");
    TRY(IGNCR, "a\r\n", "a\n");
    TRY(IGNCR | ICRNL, "a\rb", "ab");
    TRY(ISTRIP, "\xe1\xff", "a\x7f");
    TRY(IUCLC, "AbC", "abc");
    TRY(PARMRK, "a\xff", "a\xff\xff");
    TRY(PARMRK | ISTRIP, "\xff", "\x7f");
}
