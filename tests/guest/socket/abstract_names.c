// Abstract names: any bytes, gone with the socket, a table for each type; five digits for who asks for any.
#include "unix.h"
#include <ctype.h>

int main(void) {
    int first = bound(SOCK_STREAM, "@litebox-test-name");
    show_name("first", first);
    CHECK_ERRNO(bind_to(new_socket(SOCK_STREAM), "@litebox-test-name"), EADDRINUSE);
    CHECK_ERRNO(bind_to(first, "@litebox-test-other"), EINVAL);
    int datagram = bound(SOCK_DGRAM, "@litebox-test-name");
    CHECK_EQ(send_to(new_socket(SOCK_DGRAM), "hi", 0, "@litebox-test-name"), 2);
    CHECK_TEXT(datagram, "hi");
    CHECK(close(first) == 0);
    first = listening(SOCK_STREAM, "@litebox-test-name", 1);
    int client = connected(SOCK_STREAM, "@litebox-test-name");
    show_peer("peer", client);
    CHECK_ERRNO(connect_to(new_socket(SOCK_SEQPACKET), "@litebox-test-name"), ECONNREFUSED);
    CHECK_ERRNO(connect_to(new_socket(SOCK_STREAM), "@litebox-test-nobody"), ECONNREFUSED);
    // A zero at the end is part of the name.
    struct address longer = address_of("@litebox-test-name");
    longer.length++;
    int other = new_socket(SOCK_STREAM);
    CHECK(bind(other, (struct sockaddr *)&longer.un, longer.length) == 0);
    show_name("with a zero", other);
    int any[2];
    struct sockaddr_un un[2];
    for (int i = 0; i < 2; i++) {
        socklen_t length = sizeof un[i];
        any[i] = new_socket(SOCK_DGRAM);
        CHECK(bind(any[i], (struct sockaddr *)&(struct sockaddr_un){.sun_family = AF_UNIX}, sizeof(sa_family_t)) == 0);
        CHECK(getsockname(any[i], (struct sockaddr *)&un[i], &length) == 0);
        CHECK_EQ(length, 8);
        CHECK(un[i].sun_path[0] == 0);
        for (int at = 1; at < 6; at++) CHECK(isxdigit(un[i].sun_path[at]));
    }
    CHECK(memcmp(un[0].sun_path, un[1].sun_path, 6) != 0);
    CHECK(bind(any[0], (struct sockaddr *)&un[0], sizeof(sa_family_t)) == 0);
    CHECK_ERRNO(bind(any[0], (struct sockaddr *)&un[1], 8), EINVAL);
    CHECK_EQ(sendto(any[0], "x", 1, 0, (struct sockaddr *)&un[1], 8), 1);
    CHECK_TEXT(any[1], "x");
}
