// A socket that is not connected yet: what each call on it answers, and what it is ready for.
#include "unix.h"
#include <poll.h>

static void show(int type) {
    char byte;
    int fd = new_socket(type | SOCK_NONBLOCK | SOCK_CLOEXEC);
    CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
    CHECK(fcntl(fd, F_GETFL) & O_NONBLOCK);
    struct pollfd poller = {fd, POLLIN | POLLOUT | POLLRDHUP, 0};
    poll(&poller, 1, 0);
    printf("type %d: poll %#x", option_of(fd, SO_TYPE), poller.revents);
    printf(" recv %ld", raw(SYS_recvfrom, fd, &byte, 1, 0, NULL, NULL));
    printf(" send %ld", raw(SYS_sendto, fd, "x", 1, MSG_NOSIGNAL, NULL, 0));
    printf(" read %ld", raw(SYS_read, fd, &byte, 1));
    printf(" write %ld", raw(SYS_write, fd, "x", 1));
    struct address address = address_of("none");
    printf(" sendto %ld", raw(SYS_sendto, fd, "x", 1, MSG_NOSIGNAL, &address.un, address.length));
    printf(" listen %ld", raw(SYS_listen, fd, 1));
    printf(" accept %ld", raw(SYS_accept, fd, NULL, NULL));
    printf(" getpeername %ld", raw(SYS_getpeername, fd, &address.un, &address.length));
    printf(" shutdown %ld\n", raw(SYS_shutdown, fd, SHUT_RDWR));
    struct ucred peer;
    socklen_t length = sizeof peer;
    CHECK(getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0);
    printf("peer %d %d %d, listens %d, family %d\n", peer.pid, (int)peer.uid, (int)peer.gid, option_of(fd, SO_ACCEPTCONN), option_of(fd, SO_DOMAIN));
    CHECK(close(fd) == 0);
}

int main(void) {
    show(SOCK_STREAM);
    show(SOCK_DGRAM);
    show(SOCK_SEQPACKET);
    CHECK_ERRNO(socket(AF_UNIX, SOCK_RDM, 0), ESOCKTNOSUPPORT);
    CHECK_ERRNO(socket(AF_UNIX, 9, 0), ESOCKTNOSUPPORT);
    CHECK_ERRNO(socket(AF_UNIX, SOCK_STREAM | 0x100000, 0), EINVAL);
    CHECK_ERRNO(socket(AF_UNIX, SOCK_STREAM, 7), EPROTONOSUPPORT);
    CHECK_ERRNO(socket(99, SOCK_STREAM, 0), EAFNOSUPPORT);
    CHECK_EQ(option_of(socket(AF_UNIX, SOCK_RAW, 0), SO_TYPE), SOCK_DGRAM);
    CHECK(socket(AF_UNIX, SOCK_STREAM, AF_UNIX) >= 0);
}
