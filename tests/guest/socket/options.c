// The options of a pair: type, family, errors, buffers doubled, time limits; unknown ones ENOPROTOOPT.
#include "../test.h"
#include <sys/socket.h>

static int get(int fd, int option) {
    int value = -1;
    socklen_t length = sizeof value;
    CHECK(getsockopt(fd, SOL_SOCKET, option, &value, &length) == 0);
    CHECK_EQ(length, 4);
    return value;
}

int main(void) {
    int pair[2], size = 16384;
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    printf("%d %d %d %d %d\n", get(pair[0], SO_TYPE), get(pair[0], SO_DOMAIN), get(pair[0], SO_PROTOCOL), get(pair[0], SO_ERROR), get(pair[0], SO_ACCEPTCONN));
    CHECK(setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof size) == 0);
    CHECK(setsockopt(pair[0], SOL_SOCKET, SO_RCVBUF, &size, sizeof size) == 0);
    printf("%d %d\n", get(pair[0], SO_SNDBUF), get(pair[0], SO_RCVBUF));
    CHECK(setsockopt(pair[0], SOL_SOCKET, SO_BROADCAST, &(int){0}, 4) == 0);
    CHECK(setsockopt(pair[0], SOL_SOCKET, SO_REUSEADDR, &(int){5}, 4) == 0 && setsockopt(pair[0], SOL_SOCKET, SO_KEEPALIVE, &(int){1}, 4) == 0);
    printf("%d %d %d\n", get(pair[0], SO_REUSEADDR), get(pair[0], SO_KEEPALIVE), get(pair[0], SO_BROADCAST));
    CHECK_ERRNO(setsockopt(pair[0], SOL_SOCKET, 9999, &size, sizeof size), ENOPROTOOPT);
    CHECK_ERRNO(getsockopt(pair[0], SOL_SOCKET, 9999, &size, &(socklen_t){4}), ENOPROTOOPT);
    CHECK_ERRNO(getsockopt(pair[0], 9999, 1, &size, &(socklen_t){4}), EOPNOTSUPP);
    CHECK_ERRNO(setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &size, 1), EINVAL);
    struct timeval soon = {0, 20000}, bad = {0, 1000000};
    CHECK(setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon) == 0);
    CHECK_ERRNO(setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &bad, sizeof bad), EDOM);
    CHECK_ERRNO(recv(pair[0], &size, 1, 0), EAGAIN);
    struct ucred peer;
    socklen_t length = sizeof peer;
    CHECK(getsockopt(pair[0], SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0);
    CHECK(peer.pid == getpid() && peer.uid == geteuid() && peer.gid == getegid());
}
