// A sequential packet pair: boundaries as with datagrams, end of file as with streams.
#include "../test.h"
#include <sys/socket.h>

int main(void) {
    int pair[2];
    char text[16] = {0};
    CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, pair) == 0);
    CHECK(write(pair[0], "first", 5) == 5 && write(pair[0], "second", 6) == 6);
    CHECK_EQ(read(pair[1], text, 3), 3);
    CHECK_EQ(read(pair[1], text, 16), 6);
    puts(text);
    CHECK_ERRNO(read(pair[1], text, 16), EAGAIN);
    CHECK(write(pair[0], "x", 1) == 1 && close(pair[0]) == 0);
    CHECK_EQ(read(pair[1], text, 16), 1);
    CHECK_EQ(read(pair[1], text, 16), 0);
    CHECK_ERRNO(send(pair[1], "x", 1, MSG_NOSIGNAL), EPIPE);
}
