// Garbage in the upper halves of 32-bit arguments does no harm.
#include "../test.h"

#define GARBAGE 0x5a5a5a5a00000000

int main(void) {
    long garbage = (long)GARBAGE;
    int fd = file_with("f", "abc", 3);
    char text[4] = {0};
    CHECK_EQ(raw(SYS_read, garbage | fd, text, 3), 3);
    puts(text);
    CHECK_EQ(raw(SYS_close, garbage | fd), 0);
    CHECK_EQ(raw(SYS_kill, garbage | getpid(), garbage), 0);
    CHECK(raw(SYS_openat, garbage | 0xffffff9c, "f", garbage | O_RDONLY) >= 0);
    CHECK_EQ(raw6(garbage | SYS_getpid, 0, 0, 0, 0, 0, 0), getpid());
}
