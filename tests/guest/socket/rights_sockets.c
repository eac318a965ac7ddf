// Sockets travel themselves: a listener to another process, a connection to a third, and an end of its own pair.
#include "unix.h"

int main(void) {
    int pair[2], fd;
    char text[32];
    CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) == 0);
    pid_t worker = fork_child();
    if (worker == 0) {
        CHECK(close(pair[0]) == 0);
        CHECK_EQ(receive_fds(pair[1], text, sizeof text, &fd, 1, 0, NULL), 1);
        int accepted = accept(fd, NULL, NULL);
        CHECK(accepted >= 0);
        CHECK_TEXT(accepted, "request");
        CHECK_EQ(send_fds(pair[1], "take it", &accepted, 1), 7);
        _exit(0);
    }
    CHECK(close(pair[1]) == 0);
    int server = listening(SOCK_STREAM, "door", 4), client = connected(SOCK_STREAM, "door");
    CHECK_EQ(send_fds(pair[0], "serve", &server, 1), 5);
    CHECK(close(server) == 0);
    CHECK_SENDS(client, "request");
    CHECK_EXITS(worker, 0);
    int accepted;
    CHECK_EQ(receive_fds(pair[0], text, sizeof text, &accepted, 1, 0, NULL), 1);
    CHECK_SENDS(accepted, "reply");
    CHECK_TEXT(client, "reply");
    CHECK(close(accepted) == 0);
    CHECK_EQ(recv(client, text, 1, 0), 0);
    // The other end of a pair through itself.
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    CHECK_EQ(send_fds(pair[0], "x", &pair[0], 1), 1);
    CHECK(close(pair[0]) == 0);
    CHECK_EQ(receive_fds(pair[1], text, sizeof text, &fd, 1, 0, NULL), 1);
    CHECK_SENDS(fd, "from the traveller");
    CHECK_TEXT(pair[1], "from the traveller");
    CHECK(close(fd) == 0);
    CHECK_EQ(recv(pair[1], text, 1, 0), 0);
    // Offset and flags are shared, the number and close-on-exec are not.
    int file = file_with("f", "0123456789", 10), sent[2];
    CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0);
    CHECK_EQ(send_fds(pair[0], "x", (int[]){file, file}, 2), 1);
    CHECK_EQ(receive_fds(pair[1], text, sizeof text, sent, 2, 0, NULL), 2);
    CHECK_EQ(read(sent[0], text, 3), 3);
    CHECK_EQ(lseek(file, 0, SEEK_CUR), 3);
    CHECK_EQ(fcntl(sent[1], F_GETFD), 0);
    CHECK(fcntl(sent[1], F_SETFL, O_APPEND) == 0);
    CHECK(fcntl(file, F_GETFL) & O_APPEND);
}
