// The pipe ends when the last descriptor of the other side is closed, not before; dup counts.
#include "../test.h"

int main(void) {
    int ends[2];
    char byte;
    signal(SIGPIPE, SIG_IGN);
    CHECK(pipe2(ends, O_NONBLOCK) == 0);
    int writer = dup(ends[1]), reader = dup(ends[0]);
    CHECK(close(ends[1]) == 0);
    CHECK_ERRNO(read(ends[0], &byte, 1), EAGAIN);
    CHECK(write(writer, "ab", 2) == 2 && close(writer) == 0);
    CHECK(read(reader, &byte, 1) == 1 && read(ends[0], &byte, 1) == 1 && byte == 'b');
    CHECK_EQ(read(ends[0], &byte, 1), 0);
    CHECK_EQ(read(ends[0], &byte, 1), 0);
    CHECK(pipe(ends) == 0);
    reader = dup(ends[0]);
    CHECK(close(ends[0]) == 0 && write(ends[1], "x", 1) == 1);
    CHECK(close(reader) == 0);
    CHECK_ERRNO(write(ends[1], "x", 1), EPIPE);
    puts("ok");
}
