// A server that serves eight processes by epoll: requests in, answers out, the ends of all seen.
#include "../test.h"
#include <sys/epoll.h>
#include <sys/socket.h>

enum { CLIENTS = 8, REQUESTS = 50 };

static int client(int fd, int number) {
    for (int i = 0; i < REQUESTS; i++) {
        int request = number * 1000 + i, answer;
        CHECK_EQ(write(fd, &request, sizeof request), sizeof request);
        CHECK_EQ(read(fd, &answer, sizeof answer), sizeof answer);
        CHECK_EQ(answer, request + 1);
    }
    return number;
}

int main(void) {
    int set = epoll_create1(EPOLL_CLOEXEC), served = 0, open_clients = CLIENTS;
    pid_t children[CLIENTS];
    for (int i = 0; i < CLIENTS; i++) {
        int pair[2];
        CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0);
        children[i] = fork_child();
        if (children[i] == 0) {
            CHECK(close(pair[0]) == 0);
            _exit(client(pair[1], i));
        }
        CHECK(close(pair[1]) == 0);
        CHECK(epoll_ctl(set, EPOLL_CTL_ADD, pair[0], &(struct epoll_event){EPOLLIN | EPOLLRDHUP, {.fd = pair[0]}}) == 0);
    }
    while (open_clients) {
        struct epoll_event events[4];
        int count = epoll_wait(set, events, 4, 5000);
        CHECK(count > 0);
        for (int i = 0; i < count; i++) {
            int request, fd = events[i].data.fd;
            ssize_t got = read(fd, &request, sizeof request);
            if (got == 0) {
                // The later children hold copies, so that close alone would leave the entry.
                CHECK(epoll_ctl(set, EPOLL_CTL_DEL, fd, NULL) == 0 && close(fd) == 0);
                open_clients--;
                continue;
            }
            CHECK_EQ(got, sizeof request);
            request++;
            served++;
            CHECK_EQ(write(fd, &request, sizeof request), sizeof request);
        }
    }
    CHECK_EQ(served, CLIENTS * REQUESTS);
    for (int i = 0; i < CLIENTS; i++) CHECK_EXITS(children[i], i);
    puts("ok");
}
