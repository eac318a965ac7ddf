// A stream pair: both ways, no boundaries, end of file after close, queued bytes first.
#include "../test.h"
#include <sys/socket.h>

int main(void) {
    int pair[2];
    char text[16] = {0};
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
    CHECK_EQ(fcntl(pair[0], F_GETFD), FD_CLOEXEC);
    CHECK_EQ(fcntl(pair[0], F_GETFL), O_RDWR);
    CHECK(write(pair[0], "abc", 3) == 3 && send(pair[0], "def", 3, 0) == 3);
    CHECK(write(pair[1], "back", 4) == 4);
    CHECK_EQ(read(pair[1], text, 4), 4);
    CHECK_EQ(recv(pair[1], text + 4, 9, 0), 2);
    puts(text);
    CHECK_EQ(recv(pair[0], text, 16, 0), 4);
    CHECK(write(pair[0], "last", 4) == 4 && close(pair[0]) == 0);
    CHECK_EQ(read(pair[1], text, 16), 4);
    CHECK_EQ(read(pair[1], text, 16), 0);
    CHECK_EQ(recv(pair[1], text, 16, 0), 0);
    CHECK_ERRNO(send(pair[1], "x", 1, MSG_NOSIGNAL), EPIPE);
    CHECK_ERRNO(lseek(pair[1], 0, SEEK_CUR), ESPIPE);
    CHECK_ERRNO(ftruncate(pair[1], 0), EINVAL);
}
