// Which sends raise SIGPIPE when nobody receives any more: those to a stream, not those of messages.
#include "unix.h"

static volatile int hits;

static void hit(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    hits++;
}

static void show(const char *name, int type, int how) {
    int pair[2];
    CHECK(socketpair(AF_UNIX, type, 0, pair) == 0);
    if (how == 0) CHECK(close(pair[1]) == 0);
    if (how == 1) CHECK(shutdown(pair[0], SHUT_WR) == 0);
    if (how == 2) CHECK(shutdown(pair[1], SHUT_RD) == 0);
    printf("%s %d:", name, how);
    struct iovec vector = {"x", 1};
    for (int call = 0; call < 4; call++) {
        hits = 0;
        ssize_t result = call == 0 ? send(pair[0], "x", 1, 0) : call == 1 ? write(pair[0], "x", 1) : call == 2 ? writev(pair[0], &vector, 1) : send(pair[0], "x", 1, MSG_NOSIGNAL);
        printf(" %d/%d", result < 0 ? errno : 0, hits);
    }
    putchar('\n');
}

int main(void) {
    handle(SIGPIPE, hit, 0);
    for (int how = 0; how < 3; how++) {
        show("stream", SOCK_STREAM, how);
        show("datagram", SOCK_DGRAM, how);
        show("packets", SOCK_SEQPACKET, how);
    }
}
