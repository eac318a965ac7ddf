// poll and epoll tell of connections that wait, of sockets that get connected, and of a listener that was shut.
#include "unix.h"
#include <poll.h>
#include <sys/epoll.h>

static int ready(int fd) {
    struct pollfd poller = {fd, POLLIN | POLLOUT | POLLRDHUP, 0};
    CHECK(poll(&poller, 1, 0) >= 0);
    return poller.revents;
}

static void *connect_late(void *unused) {
    (void)unused;
    sleep_ms(30);
    return (void *)(long)connected(SOCK_STREAM, "door");
}

int main(void) {
    int server = bound(SOCK_STREAM, "door");
    printf("bound %#x\n", ready(server));
    CHECK(listen(server, 4) == 0);
    printf("listening %#x\n", ready(server));
    int poller = epoll_create1(0);
    struct epoll_event event = {EPOLLIN | EPOLLET, {.fd = server}}, got[4];
    CHECK(epoll_ctl(poller, EPOLL_CTL_ADD, server, &event) == 0);
    CHECK_EQ(epoll_wait(poller, got, 4, 0), 0);
    pthread_t thread = spawn(connect_late, NULL);
    CHECK_EQ(epoll_wait(poller, got, 4, 5000), 1);
    CHECK_EQ(got[0].events, EPOLLIN);
    CHECK_EQ(epoll_wait(poller, got, 4, 0), 0);
    int first = (int)(long)join(thread);
    printf("one waits %#x, client %#x\n", ready(server), ready(first));
    int second = new_socket(SOCK_STREAM);
    event = (struct epoll_event){EPOLLOUT | EPOLLET, {.fd = second}};
    CHECK(epoll_ctl(poller, EPOLL_CTL_ADD, second, &event) == 0);
    CHECK_EQ(epoll_wait(poller, got, 4, 0), 1);
    printf("fresh %#x\n", got[0].events);
    CHECK(connect_to(second, "door") == 0);
    int count = epoll_wait(poller, got, 4, 0), seen = 0;
    for (int i = 0; i < count; i++) seen |= got[i].data.fd == server ? (int)got[i].events : 0;
    CHECK(seen & EPOLLIN);
    CHECK(accept(server, NULL, NULL) >= 0 && accept(server, NULL, NULL) >= 0);
    printf("none waits %#x, client %#x\n", ready(server), ready(second));
    CHECK(shutdown(server, SHUT_RDWR) == 0);
    printf("shut %#x\n", ready(server));
}
