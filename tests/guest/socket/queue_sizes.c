// SIOCINQ and SIOCOUTQ of connections and of datagrams, and buffer sizes that hold from before the connection.
#include "unix.h"
#include <sys/ioctl.h>

static int count(int fd, unsigned long request) {
    int value = -1;
    CHECK(ioctl(fd, request, &value) == 0);
    return value;
}

int main(void) {
    int server = listening(SOCK_STREAM, "door", 4), client = new_socket(SOCK_STREAM), size = 8192;
    CHECK(setsockopt(client, SOL_SOCKET, SO_SNDBUF, &size, sizeof size) == 0);
    CHECK(connect_to(client, "door") == 0);
    CHECK_EQ(option_of(client, SO_SNDBUF), 16384);
    int accepted = accept(server, NULL, NULL);
    CHECK_EQ(count(accepted, FIONREAD), 0);
    CHECK_ERRNO(ioctl(server, FIONREAD, &size), EINVAL);
    CHECK_EQ(count(server, TIOCOUTQ), 0);
    CHECK_SENDS(client, "twelve bytes");
    CHECK_EQ(count(accepted, FIONREAD), 12);
    CHECK(count(client, TIOCOUTQ) >= 12);
    CHECK_EQ(count(accepted, TIOCOUTQ), 0);
    static char large[100000];
    ssize_t sent = send(client, large, sizeof large, MSG_DONTWAIT);
    CHECK(sent > 0 && sent < 20000);
    CHECK_ERRNO(send(client, large, 1, MSG_DONTWAIT), EAGAIN);
    CHECK(recv(accepted, large, sizeof large, MSG_DONTWAIT) > 0);
    int datagram = bound(SOCK_DGRAM, "datagram"), sender = new_socket(SOCK_DGRAM);
    CHECK_EQ(send_to(sender, "four", 0, "datagram"), 4);
    CHECK_EQ(send_to(sender, "sixsix", 0, "datagram"), 6);
    CHECK_EQ(count(datagram, FIONREAD), 4);
    CHECK(count(sender, TIOCOUTQ) >= 10);
    CHECK_TEXT(datagram, "four");
    CHECK_TEXT(datagram, "sixsix");
    CHECK_EQ(count(sender, TIOCOUTQ), 0);
    CHECK(setsockopt(sender, SOL_SOCKET, SO_SNDBUF, &(int){1}, sizeof size) == 0);
    CHECK_EQ(option_of(sender, SO_SNDBUF), 4608);
    struct address address = address_of("datagram");
    CHECK_ERRNO(sendto(sender, large, 5000, 0, (struct sockaddr *)&address.un, address.length), EMSGSIZE);
}
