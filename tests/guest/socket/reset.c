// A stream end closed with unread data: the peer reads ECONNRESET once, then the end.
#include "../test.h"
#include <sys/socket.h>

int main(void) {
    int pair[2];
    char byte;
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    CHECK(write(pair[0], "unread", 6) == 6);
    CHECK(close(pair[1]) == 0);
    CHECK_ERRNO(read(pair[0], &byte, 1), ECONNRESET);
    CHECK_EQ(read(pair[0], &byte, 1), 0);
    CHECK_EQ(read(pair[0], &byte, 1), 0);
    puts("ok");
}
