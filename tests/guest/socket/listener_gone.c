// Who waits to be accepted is reset when the listener goes; who waits in accept is told when it is shut.
#include "unix.h"

static void *accept_none(void *server) {
    long result = raw(SYS_accept, (long)server, NULL, NULL);
    return (void *)result;
}

static void *connect_none(void *unused) {
    (void)unused;
    struct address address = address_of("door");
    return (void *)raw(SYS_connect, new_socket(SOCK_STREAM), &address.un, address.length);
}

int main(void) {
    char byte;
    int server = listening(SOCK_STREAM, "door", 0);
    int client = connected(SOCK_STREAM, "door");
    CHECK_SENDS(client, "x");
    pthread_t thread = spawn(connect_none, NULL);
    sleep_ms(30);
    CHECK(close(server) == 0);
    CHECK_EQ((long)join(thread), -ECONNREFUSED);
    CHECK_ERRNO(recv(client, &byte, 1, 0), ECONNRESET);
    CHECK_EQ(recv(client, &byte, 1, 0), 0);
    CHECK_ERRNO(send(client, "x", 1, MSG_NOSIGNAL), EPIPE);
    CHECK(unlink("door") == 0);
    server = listening(SOCK_STREAM, "door", 4);
    thread = spawn(accept_none, (void *)(long)server);
    sleep_ms(30);
    CHECK(shutdown(server, SHUT_RD) == 0);
    CHECK_EQ((long)join(thread), -EINVAL);
    CHECK_ERRNO(connect_to(new_socket(SOCK_STREAM), "door"), ECONNREFUSED);
    CHECK_ERRNO(accept(server, NULL, NULL), EINVAL);
    // A socket that was shut before keeps that.
    int other = listening(SOCK_STREAM, "other", 4);
    client = new_socket(SOCK_STREAM);
    CHECK(shutdown(client, SHUT_WR) == 0);
    CHECK(connect_to(client, "other") == 0);
    CHECK_ERRNO(send(client, "x", 1, MSG_NOSIGNAL), EPIPE);
    CHECK(close(client) == 0 && close(other) == 0);
}
