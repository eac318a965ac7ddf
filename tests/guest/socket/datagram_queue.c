// A few datagrams from strangers may wait; then a sender waits too, and poll says so for who is connected.
#include "unix.h"
#include <poll.h>
#include <sys/ioctl.h>

static int out_ready(int fd) {
    struct pollfd poller = {fd, POLLOUT, 0};
    return poll(&poller, 1, 0);
}

static void *receive_late(void *server) {
    sleep_ms(30);
    CHECK_TEXT((int)(long)server, "first");
    return NULL;
}

int main(void) {
    int server = bound(SOCK_DGRAM, "server"), client = new_socket(SOCK_DGRAM), stranger = new_socket(SOCK_DGRAM), bytes;
    CHECK(connect_to(client, "server") == 0);
    CHECK_SENDS(client, "first");
    int count = 1;
    while (send(client, "more", 4, MSG_DONTWAIT) == 4) count++;
    CHECK_EQ(errno, EAGAIN);
    char text[32];
    CHECK(read_text("/proc/sys/net/unix/max_dgram_qlen", text, sizeof text) > 0);
    CHECK_EQ(count, atoi(text) + 1);
    CHECK_EQ(out_ready(client), 0);
    CHECK_EQ(out_ready(stranger), 1);
    CHECK_ERRNO(send_to(stranger, "x", MSG_DONTWAIT, "server"), EAGAIN);
    CHECK(ioctl(server, FIONREAD, &bytes) == 0);
    CHECK_EQ(bytes, 5);
    pthread_t thread = spawn(receive_late, (void *)(long)server);
    CHECK_EQ(send(client, "last", 4, 0), 4);
    join(thread);
    CHECK_EQ(out_ready(client), 0);
    thread = spawn(receive_late, (void *)(long)server);
    struct pollfd poller = {client, POLLOUT, 0};
    CHECK_EQ(recv(server, text, sizeof text, 0), 4);
    CHECK_EQ(poll(&poller, 1, 5000), 1);
    CHECK_SENDS(client, "first");
    for (int i = 0; i < count - 1; i++) CHECK_EQ(recv(server, text, sizeof text, 0), 4);
    join(thread);
    CHECK_ERRNO(recv(server, text, 1, MSG_DONTWAIT), EAGAIN);
    // A peer that answers has all of its sender's buffer.
    CHECK(bind_to(client, "client") == 0 && connect_to(server, "client") == 0);
    for (int i = 0; i < count * 4; i++) CHECK_SENDS(client, "many");
    CHECK_EQ(out_ready(client), 1);
}
