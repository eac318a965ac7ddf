// Datagrams go to names and tell whose they are; to nobody they are refused; too long ones do not go.
#include "unix.h"

int main(void) {
    int server = bound(SOCK_DGRAM, "server"), client = bound(SOCK_DGRAM, "@litebox-test-client"), nameless = new_socket(SOCK_DGRAM);
    CHECK_EQ(send_to(client, "question", 0, "server"), 8);
    CHECK_EQ(send_to(nameless, "", 0, "server"), 0);
    CHECK_EQ(send_to(nameless, "nameless", 0, "server"), 8);
    struct sockaddr_un from;
    socklen_t length = sizeof from;
    char text[16];
    CHECK_EQ(recvfrom(server, text, sizeof text, 0, (struct sockaddr *)&from, &length), 8);
    show_address("from", &from, length);
    CHECK_EQ(sendto(server, "answer", 6, 0, (struct sockaddr *)&from, length), 6);
    CHECK_TEXT(client, "answer");
    struct iovec vector = {text, 4};
    struct msghdr message = {.msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &vector, .msg_iovlen = 1};
    CHECK_EQ(recvmsg(server, &message, 0), 0);
    show_address("nameless", &from, message.msg_namelen);
    message.msg_namelen = sizeof from;
    CHECK_EQ(recvmsg(server, &message, MSG_TRUNC), 8);
    CHECK_EQ(message.msg_flags, MSG_TRUNC);
    CHECK_ERRNO(send(client, "x", 1, 0), ENOTCONN);
    CHECK_ERRNO(send_to(client, "x", 0, "none"), ENOENT);
    CHECK_ERRNO(send_to(client, "x", 0, "@litebox-test-none"), ECONNREFUSED);
    CHECK_EQ(raw(SYS_sendto, client, "x", 1, 0, &from, 1), -EINVAL);
    CHECK_EQ(raw(SYS_sendto, client, "x", 1, 0, 8, 16), -EFAULT);
    struct address address = address_of("server");
    address.un.sun_family = AF_UNSPEC;
    CHECK_EQ(raw(SYS_sendto, client, "x", 1, 0, &address.un, address.length), -EINVAL);
    int stream = listening(SOCK_STREAM, "stream", 1);
    CHECK_ERRNO(send_to(client, "x", 0, "stream"), EPROTOTYPE);
    int connected_stream = connected(SOCK_STREAM, "stream");
    CHECK_ERRNO(send_to(connected_stream, "x", 0, "stream"), EISCONN);
    CHECK_ERRNO(send_to(new_socket(SOCK_STREAM), "x", 0, "stream"), EOPNOTSUPP);
    CHECK(close(stream) == 0);
    static char large[300000];
    address = address_of("server");
    CHECK_ERRNO(sendto(client, large, sizeof large, 0, (struct sockaddr *)&address.un, address.length), EMSGSIZE);
    CHECK_EQ(sendto(client, large, 200000, 0, (struct sockaddr *)&address.un, address.length), 200000);
    CHECK_EQ(recv(server, large, sizeof large, 0), 200000);
    CHECK(shutdown(server, SHUT_RD) == 0);
    CHECK_ERRNO(send_to(client, "x", 0, "server"), EPIPE);
    CHECK(close(server) == 0);
    CHECK_ERRNO(send_to(client, "x", 0, "server"), ECONNREFUSED);
    CHECK(unlink("server") == 0);
    server = bound(SOCK_DGRAM, "server");
    CHECK_EQ(send_to(client, "x", 0, "server"), 1);
    CHECK_TEXT(server, "x");
}
