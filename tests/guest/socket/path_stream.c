// A stream socket with a path: bind, listen, connect, accept; names on both sides; unlink and bind again.
#include "unix.h"

int main(void) {
    int server = listening(SOCK_STREAM, "door", 5);
    struct stat status;
    CHECK(lstat("door", &status) == 0 && S_ISSOCK(status.st_mode));
    printf("%o %d\n", status.st_mode & 07777, (int)status.st_nlink);
    show_name("server", server);
    int client = new_socket(SOCK_STREAM);
    show_name("fresh", client);
    CHECK(connect_to(client, "door") == 0);
    CHECK_SENDS(client, "before accept");
    struct sockaddr_un from;
    socklen_t length = sizeof from;
    int accepted = accept(server, (struct sockaddr *)&from, &length);
    CHECK(accepted >= 0);
    show_address("accepted from", &from, length);
    CHECK_TEXT(accepted, "before accept");
    CHECK_SENDS(accepted, "answer");
    CHECK_TEXT(client, "answer");
    show_name("accepted", accepted);
    show_peer("accepted's peer", accepted);
    show_name("client", client);
    show_peer("client's peer", client);
    CHECK(bind_to(client, "late") == 0);
    show_peer("named late", accepted);
    char byte;
    length = sizeof from;
    CHECK_SENDS(client, "x");
    CHECK_EQ(recvfrom(accepted, &byte, 1, 0, (struct sockaddr *)&from, &length), 1);
    show_address("from", &from, length);
    CHECK_ERRNO(open("door", O_RDWR), ENXIO);
    CHECK_ERRNO(bind_to(new_socket(SOCK_STREAM), "door"), EADDRINUSE);
    CHECK(rename("door", "gate") == 0);
    CHECK(close(connected(SOCK_STREAM, "gate")) == 0);
    CHECK(unlink("gate") == 0);
    CHECK_ERRNO(connect_to(new_socket(SOCK_STREAM), "gate"), ENOENT);
    int second = listening(SOCK_STREAM, "door", 5);
    show_name("old name stays", server);
    client = connected(SOCK_STREAM, "door");
    CHECK((accepted = accept(second, NULL, NULL)) >= 0);
    CHECK(close(accepted) == 0);
    CHECK_EQ(read(client, &byte, 1), 0);
    CHECK(close(second) == 0);
    CHECK_ERRNO(connect_to(new_socket(SOCK_STREAM), "door"), ECONNREFUSED);
    CHECK_ERRNO(bind_to(new_socket(SOCK_STREAM), "door"), EADDRINUSE);
}
