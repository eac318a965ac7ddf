// Several processes share a listener, several connect; every connection is served once, and the bytes are right.
#include "unix.h"

enum { SERVERS = 3, CLIENTS = 6, ROUNDS = 20 };

static void serve(int server) {
    for (;;) {
        int accepted = accept(server, NULL, NULL);
        if (accepted < 0) _exit(errno == EINVAL ? 0 : 1);
        char text[4096];
        ssize_t got;
        while ((got = read(accepted, text, sizeof text)) > 0) CHECK_EQ(write(accepted, text, (size_t)got), got);
        CHECK(close(accepted) == 0);
    }
}

static void ask(int seed) {
    for (int round = 0; round < ROUNDS; round++) {
        char text[3000], back[3000];
        size_t have = 0;
        memset(text, 'a' + (seed + round) % 26, sizeof text);
        int client = connected(SOCK_STREAM, "door");
        CHECK_EQ(write(client, text, sizeof text), sizeof text);
        CHECK(shutdown(client, SHUT_WR) == 0);
        for (ssize_t got; (got = read(client, back + have, sizeof back - have)) > 0;) have += (size_t)got;
        CHECK_EQ(have, sizeof text);
        CHECK(memcmp(text, back, sizeof text) == 0);
        CHECK(close(client) == 0);
    }
    _exit(0);
}

int main(void) {
    int server = listening(SOCK_STREAM, "door", 2);
    pid_t servers[SERVERS], clients[CLIENTS];
    for (int i = 0; i < SERVERS; i++)
        if ((servers[i] = fork_child()) == 0) serve(server);
    for (int i = 0; i < CLIENTS; i++)
        if ((clients[i] = fork_child()) == 0) ask(i);
    for (int i = 0; i < CLIENTS; i++) CHECK_EXITS(clients[i], 0);
    CHECK(shutdown(server, SHUT_RDWR) == 0);
    for (int i = 0; i < SERVERS; i++) CHECK_EXITS(servers[i], 0);
}
