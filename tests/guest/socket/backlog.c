// One more than the backlog may wait; who does not wait gets EAGAIN, who waits is let in by accept or by listen.
#include "unix.h"

static void *connect_late(void *name) {
    return (void *)(long)connected(SOCK_STREAM, name);
}

int main(void) {
    int server = bound(SOCK_STREAM, "door");
    CHECK(listen(server, 1) == 0);
    int waiting[2];
    for (int i = 0; i < 2; i++) waiting[i] = connected(SOCK_STREAM, "door");
    int late = new_socket(SOCK_STREAM | SOCK_NONBLOCK);
    CHECK_ERRNO(connect_to(late, "door"), EAGAIN);
    struct timeval soon = {0, 30000};
    int limited = new_socket(SOCK_STREAM);
    CHECK(setsockopt(limited, SOL_SOCKET, SO_SNDTIMEO, &soon, sizeof soon) == 0);
    int64_t before = now_ns(CLOCK_MONOTONIC);
    CHECK_ERRNO(connect_to(limited, "door"), EAGAIN);
    CHECK(now_ns(CLOCK_MONOTONIC) - before >= 29000000);
    pthread_t thread = spawn(connect_late, "door");
    sleep_ms(30);
    CHECK(accept(server, NULL, NULL) >= 0);
    int third = (int)(long)join(thread);
    CHECK_ERRNO(connect_to(late, "door"), EAGAIN);
    thread = spawn(connect_late, "door");
    sleep_ms(30);
    // Linux wakes who waits when the backlog grows.
    CHECK(listen(server, 100) == 0);
    int fourth = (int)(long)join(thread);
    CHECK(connect_to(late, "door") == 0);
    CHECK_SENDS(third, "third");
    CHECK_SENDS(fourth, "fourth");
    CHECK(accept(server, NULL, NULL) >= 0);
    CHECK_TEXT(accept(server, NULL, NULL), "third");
    CHECK_TEXT(accept(server, NULL, NULL), "fourth");
    CHECK(accept(server, NULL, NULL) >= 0);
    CHECK(fcntl(server, F_SETFL, O_NONBLOCK) == 0);
    CHECK_ERRNO(accept(server, NULL, NULL), EAGAIN);
    // No backlog is one connection; a negative one is a large one.
    CHECK(listen(server, 0) == 0);
    CHECK(connect_to(new_socket(SOCK_STREAM | SOCK_NONBLOCK), "door") == 0);
    CHECK_ERRNO(connect_to(new_socket(SOCK_STREAM | SOCK_NONBLOCK), "door"), EAGAIN);
    CHECK(listen(server, -1) == 0);
    for (int i = 0; i < 300; i++) CHECK(connect_to(new_socket(SOCK_STREAM | SOCK_NONBLOCK), "door") == 0);
}
