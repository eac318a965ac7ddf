// A datagram socket with a peer: who may send to it, what it forgets when it turns away, and what the peer is told.
#include "unix.h"

int main(void) {
    int server = bound(SOCK_DGRAM, "server"), client = bound(SOCK_DGRAM, "client"), other = bound(SOCK_DGRAM, "other");
    char byte;
    CHECK(connect_to(client, "server") == 0);
    show_peer("client's peer", client);
    CHECK_SENDS(client, "one");
    CHECK_TEXT(server, "one");
    CHECK_EQ(send_to(client, "x", 0, "other"), 1);
    CHECK_TEXT(other, "x");
    CHECK_ERRNO(send_to(other, "x", 0, "client"), EPERM);
    CHECK_ERRNO(connect_to(other, "client"), EPERM);
    CHECK_EQ(send_to(server, "back", 0, "client"), 4);
    CHECK_TEXT(client, "back");
    CHECK(connect_to(server, "client") == 0);
    CHECK_EQ(send_to(client, "waits", 0, "server"), 5);
    CHECK_EQ(send_to(server, "lost", 0, "client"), 4);
    // The client turns away: what waits in it is lost, and the server is told.
    CHECK(connect_to(client, "other") == 0);
    CHECK_ERRNO(recv(client, &byte, 1, MSG_DONTWAIT), EAGAIN);
    CHECK_ERRNO(recv(server, &byte, 1, 0), ECONNRESET);
    CHECK_TEXT(server, "waits");
    struct sockaddr nobody = {.sa_family = AF_UNSPEC};
    CHECK(connect(client, &nobody, sizeof nobody) == 0);
    CHECK_ERRNO(getpeername(client, (struct sockaddr *)&nobody, &(socklen_t){sizeof nobody}), ENOTCONN);
    CHECK_ERRNO(send(client, "x", 1, 0), ENOTCONN);
    CHECK_EQ(send_to(other, "again", 0, "client"), 5);
    CHECK_TEXT(client, "again");
    // A peer that goes is noticed by the next send, once.
    CHECK(connect_to(other, "client") == 0);
    CHECK(close(client) == 0);
    show_peer("peer gone", other);
    CHECK_ERRNO(send(other, "x", 1, 0), ECONNREFUSED);
    CHECK_ERRNO(send(other, "x", 1, 0), ENOTCONN);
    // A socket that is its own peer.
    CHECK(connect_to(other, "other") == 0);
    CHECK_SENDS(other, "myself");
    CHECK_TEXT(other, "myself");
    int pair[2];
    CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0);
    CHECK(bind_to(pair[0], "first") == 0);
    CHECK_ERRNO(send_to(server, "x", 0, "first"), EPERM);
    CHECK_SENDS(pair[0], "named");
    struct sockaddr_un from;
    socklen_t length = sizeof from;
    CHECK_EQ(recvfrom(pair[1], &byte, 1, 0, (struct sockaddr *)&from, &length), 1);
    show_address("from", &from, length);
}
