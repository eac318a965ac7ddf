// Messages over a connection to a name: borders, ends, resets.
#include "unix.h"

int main(void) {
    int server = listening(SOCK_SEQPACKET, "door", 4), client = connected(SOCK_SEQPACKET, "door");
    int accepted = accept(server, NULL, NULL);
    CHECK(accepted >= 0);
    CHECK_SENDS(client, "one");
    CHECK_SENDS(client, "three");
    char text[4];
    CHECK_TEXT(accepted, "one");
    CHECK_EQ(recv(accepted, text, 4, MSG_TRUNC), 5);
    // An address is ignored.
    CHECK_EQ(send_to(client, "named", 0, "nowhere"), 5);
    struct sockaddr_un from;
    socklen_t length = sizeof from;
    CHECK(bind_to(client, "client") == 0);
    CHECK_EQ(recvfrom(accepted, text, 4, 0, (struct sockaddr *)&from, &length), 4);
    show_address("from", &from, length);
    CHECK_ERRNO(send(server, "x", 1, MSG_NOSIGNAL), ENOTCONN);
    CHECK_ERRNO(recv(server, text, 1, MSG_DONTWAIT), ENOTCONN);
    CHECK(shutdown(client, SHUT_WR) == 0);
    CHECK_EQ(recv(accepted, text, 4, 0), 0);
    CHECK_SENDS(accepted, "unread");
    CHECK(close(client) == 0);
    // The first call that looks is told, be it a send.
    CHECK_ERRNO(send(accepted, "x", 1, MSG_NOSIGNAL), ECONNRESET);
    CHECK_ERRNO(send(accepted, "x", 1, MSG_NOSIGNAL), EPIPE);
    CHECK_EQ(recv(accepted, text, 4, 0), 0);
}
