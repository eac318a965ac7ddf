// Families, types and protocols that socketpair refuses, each with its own errno; calls on what is no socket.
#include "../test.h"
#include <sys/socket.h>

int main(void) {
    int pair[2];
    CHECK_ERRNO(socketpair(99, SOCK_STREAM, 0, pair), EAFNOSUPPORT);
    CHECK_ERRNO(socketpair(AF_UNIX, 99, 0, pair), EINVAL);
    CHECK_ERRNO(socketpair(AF_UNIX, SOCK_STREAM, 99, pair), EPROTONOSUPPORT);
    CHECK_ERRNO(socketpair(AF_UNIX, SOCK_RDM, 0, pair), ESOCKTNOSUPPORT);
    CHECK_ERRNO(socketpair(AF_UNIX, SOCK_STREAM | 0x100000, 0, pair), EINVAL);
    CHECK_EQ(raw(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, 8), -EFAULT);
    int file = file_with("f", "x", 1);
    char byte;
    CHECK_ERRNO(recv(file, &byte, 1, 0), ENOTSOCK);
    CHECK_ERRNO(send(file, &byte, 1, 0), ENOTSOCK);
    CHECK_ERRNO(shutdown(file, SHUT_RD), ENOTSOCK);
    CHECK_ERRNO(getsockname(file, (struct sockaddr *)&byte, &(socklen_t){0}), ENOTSOCK);
    CHECK_ERRNO(recv(99, &byte, 1, 0), EBADF);
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    CHECK_ERRNO(shutdown(pair[0], 9), EINVAL);
    CHECK_EQ(raw(SYS_recvfrom, pair[0], 8, 1, MSG_DONTWAIT, NULL, NULL), -EAGAIN);
    CHECK_EQ(raw(SYS_sendto, pair[0], 8, 1, 0, NULL, 0), -EFAULT);
}
