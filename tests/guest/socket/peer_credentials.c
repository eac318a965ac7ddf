// SO_PEERCRED: the client sees who listens, the server who connects; a descriptor of that process.
#include "unix.h"
#include <poll.h>
#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif

static struct ucred peer_of(int fd) {
    struct ucred peer;
    socklen_t length = sizeof peer;
    CHECK(getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0);
    CHECK_EQ(length, sizeof peer);
    return peer;
}

int main(void) {
    int server = listening(SOCK_STREAM, "door", 4);
    struct ucred own = peer_of(server);
    CHECK(own.pid == getpid() && own.uid == geteuid() && own.gid == getegid());
    CHECK(chmod("door", 0777) == 0 && chmod(".", 0755) == 0);
    pid_t parent = getpid(), child = fork_child();
    if (child == 0) {
        if (geteuid() == 0) CHECK(setgid(1000) == 0 && setuid(1000) == 0);
        int client = connected(SOCK_STREAM, "door");
        struct ucred peer = peer_of(client);
        CHECK_EQ(peer.pid, parent);
        CHECK(peer.uid == own.uid && peer.gid == own.gid);
        char byte;
        CHECK_EQ(read(client, &byte, 1), 1);
        _exit(0);
    }
    int accepted = accept(server, NULL, NULL);
    struct ucred peer = peer_of(accepted);
    CHECK_EQ(peer.pid, child);
    CHECK(own.uid != 0 || (peer.uid == 1000 && peer.gid == 1000));
    int process = -1;
    socklen_t length = sizeof process;
    CHECK(getsockopt(accepted, SOL_SOCKET, SO_PEERPIDFD, &process, &length) == 0);
    struct pollfd poller = {process, POLLIN, 0};
    CHECK_EQ(poll(&poller, 1, 0), 0);
    CHECK_EQ(fcntl(process, F_GETFD), FD_CLOEXEC);
    CHECK_EQ(write(accepted, "x", 1), 1);
    CHECK_EQ(poll(&poller, 1, 5000), 1);
    CHECK_EXITS(child, 0);
    CHECK_EQ(peer_of(accepted).pid, child);
    CHECK_ERRNO(getsockopt(new_socket(SOCK_STREAM), SOL_SOCKET, SO_PEERPIDFD, &process, &length), ENODATA);
}
