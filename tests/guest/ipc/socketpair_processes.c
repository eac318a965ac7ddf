// A socket pair between two processes: data both ways, the end when the other goes, SIGPIPE and EPIPE, credentials.
#include "../test.h"
#include <sys/socket.h>

int main(void) {
    int pair[2];
    char text[16];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(close(pair[0]) == 0);
        CHECK(read(pair[1], text, sizeof text) == 4 && memcmp(text, "ping", 4) == 0);
        CHECK_EQ(write(pair[1], "pong", 4), 4);
        CHECK_EQ(read(pair[1], text, sizeof text), 0);
        CHECK_EQ(write(pair[1], "last", 4), 4);
        _exit(0);
    }
    CHECK(close(pair[1]) == 0);
    CHECK_EQ(write(pair[0], "ping", 4), 4);
    CHECK(read(pair[0], text, sizeof text) == 4 && memcmp(text, "pong", 4) == 0);
    CHECK(shutdown(pair[0], SHUT_WR) == 0);
    CHECK(read(pair[0], text, sizeof text) == 4 && memcmp(text, "last", 4) == 0);
    CHECK_EQ(read(pair[0], text, sizeof text), 0);
    CHECK_EXITS(child, 0);
    CHECK(close(pair[0]) == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    struct gate gate = new_gate();
    child = fork_child();
    if (child == 0) {
        CHECK(close(pair[0]) == 0);
        pass_gate(gate);
        CHECK_EQ(write(pair[1], "x", 1), 1);
        _exit(1);
    }
    CHECK(close(pair[1]) == 0 && close(pair[0]) == 0);
    open_gate(gate);
    CHECK_DIES(child, SIGPIPE);
    struct ucred peer;
    socklen_t length = sizeof peer;
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    child = fork_child();
    if (child == 0) {
        CHECK(getsockopt(pair[1], SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0);
        CHECK(peer.pid == getppid() && peer.uid == geteuid());
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    puts("ok");
}
