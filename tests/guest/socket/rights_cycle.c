// Sockets that only wait in each other's queues are closed, and all that waits with them.
#include "unix.h"

// Closing an unrelated socket makes Linux look for what nobody can receive any more.
static void stir(void) {
    CHECK(close(new_socket(SOCK_STREAM)) == 0);
}

int main(void) {
    int pair[2], other[2], ends[2];
    // A socket in the queue that it reads from.
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0 && pipe(ends) == 0);
    CHECK_EQ(send_fds(pair[0], "x", (int[]){pair[1], ends[1]}, 2), 1);
    CHECK(close(ends[1]) == 0 && close(pair[1]) == 0 && close(pair[0]) == 0);
    stir();
    CHECK(pipe_ends(ends[0]));
    // Two pairs that carry each other, and one end that keeps all alive.
    CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, other) == 0 && pipe(ends) == 0);
    CHECK_EQ(send_fds(pair[0], "x", other, 2), 1);
    CHECK_EQ(send_fds(other[0], "x", (int[]){pair[0], pair[1], ends[1]}, 3), 1);
    CHECK(close(ends[1]) == 0 && close(other[0]) == 0 && close(other[1]) == 0 && close(pair[0]) == 0);
    stir();
    int got[4];
    char text[8];
    CHECK_EQ(receive_fds(pair[1], text, sizeof text, got, 4, MSG_PEEK, NULL), 2);
    CHECK(close(got[0]) == 0 && close(got[1]) == 0);
    CHECK(close(pair[1]) == 0);
    stir();
    CHECK(pipe_ends(ends[0]));
    // A listener in the queue of a connection that it has not accepted.
    CHECK(pipe(ends) == 0);
    int server = listening(SOCK_STREAM, "door", 4), client = connected(SOCK_STREAM, "door");
    CHECK_EQ(send_fds(client, "x", (int[]){server, ends[1]}, 2), 1);
    CHECK(close(ends[1]) == 0 && close(server) == 0 && close(client) == 0);
    stir();
    CHECK(pipe_ends(ends[0]));
    // Many of them do not pile up.
    for (int i = 0; i < 3000; i++) {
        CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0);
        CHECK_EQ(send_fds(pair[0], "x", pair, 2), 1);
        CHECK(close(pair[0]) == 0 && close(pair[1]) == 0);
    }
}
