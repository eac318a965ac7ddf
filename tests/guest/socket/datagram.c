// A datagram pair keeps boundaries; what does not fit is dropped and marked; empty datagrams exist.
#include "../test.h"
#include <sys/socket.h>

int main(void) {
    int pair[2];
    char text[16] = {0};
    CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0);
    CHECK(send(pair[0], "one", 3, 0) == 3 && send(pair[0], "", 0, 0) == 0 && send(pair[0], "0123456789", 10, 0) == 10 && send(pair[0], "0123456789", 10, 0) == 10 && send(pair[0], "end", 3, 0) == 3);
    CHECK_EQ(recv(pair[1], text, 16, 0), 3);
    CHECK_EQ(recv(pair[1], text, 16, 0), 0);
    struct iovec iov = {text, 4};
    struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1};
    CHECK_EQ(recvmsg(pair[1], &message, 0), 4);
    printf("%d\n", message.msg_flags & MSG_TRUNC ? 1 : 0);
    CHECK_EQ(recv(pair[1], text, 4, MSG_TRUNC), 10);
    CHECK_EQ(read(pair[1], text, 16), 3);
    puts(text);
    CHECK_ERRNO(recv(pair[1], text, 16, MSG_DONTWAIT), EAGAIN);
    CHECK(close(pair[0]) == 0);
    CHECK_ERRNO(send(pair[1], "x", 1, MSG_NOSIGNAL), ECONNREFUSED);
}
