// shutdown closes one direction: the peer reads the end, the own side gets EPIPE, the other way stays.
#include "../test.h"
#include <sys/socket.h>

int main(void) {
    int pair[2];
    char text[8] = {0};
    signal(SIGPIPE, SIG_IGN);
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    CHECK(write(pair[0], "q", 1) == 1);
    CHECK(shutdown(pair[0], SHUT_WR) == 0);
    CHECK_ERRNO(write(pair[0], "x", 1), EPIPE);
    CHECK_EQ(read(pair[1], text, 8), 1);
    CHECK_EQ(read(pair[1], text, 8), 0);
    CHECK_EQ(read(pair[1], text, 8), 0);
    CHECK(write(pair[1], "still", 5) == 5);
    CHECK_EQ(read(pair[0], text, 8), 5);
    puts(text);
    CHECK(shutdown(pair[0], SHUT_RD) == 0);
    CHECK_ERRNO(write(pair[1], "x", 1), EPIPE);
    CHECK_EQ(read(pair[0], text, 8), 0);
    CHECK(shutdown(pair[1], SHUT_RDWR) == 0 && shutdown(pair[1], SHUT_RDWR) == 0);
    int dup_pair[2];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, dup_pair) == 0);
    int copy = dup(dup_pair[0]);
    CHECK(shutdown(copy, SHUT_WR) == 0);
    CHECK_EQ(read(dup_pair[1], text, 8), 0);
}
