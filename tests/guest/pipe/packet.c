// With O_DIRECT each write is a packet: a short read drops the rest of it.
#include "../test.h"

int main(void) {
    int ends[2];
    char text[16] = {0};
    CHECK(pipe2(ends, O_DIRECT) == 0);
    CHECK(write(ends[1], "hello", 5) == 5 && write(ends[1], "wide", 4) == 4 && write(ends[1], "world", 5) == 5);
    CHECK_EQ(read(ends[0], text, 16), 5);
    CHECK_EQ(read(ends[0], text, 2), 2);
    CHECK_EQ(read(ends[0], text, 16), 5);
    puts(text);
}
