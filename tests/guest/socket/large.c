// 60000 bytes come in one call; a blocking send waits until all is taken; a non-blocking one is EAGAIN.
#include "../test.h"
#include <sys/socket.h>

static int pair[2];
static char block[1 << 20];

static void *sender(void *unused) {
    CHECK_EQ(send(pair[0], block, sizeof block, 0), sizeof block);
    return unused;
}

int main(void) {
    static char text[1 << 20];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    CHECK_EQ(send(pair[0], block, 60000, 0), 60000);
    CHECK_EQ(recv(pair[1], text, sizeof text, 0), 60000);
    pthread_t thread = spawn(sender, NULL);
    size_t total = 0;
    while (total < sizeof block) {
        ssize_t got = recv(pair[1], text, 10000, 0);
        CHECK(got > 0);
        total += (size_t)got;
    }
    join(thread);
    while (send(pair[0], block, 4096, MSG_DONTWAIT) > 0) {
    }
    CHECK_EQ(errno, EAGAIN);
    struct timeval soon = {0, 20000};
    CHECK(setsockopt(pair[0], SOL_SOCKET, SO_SNDTIMEO, &soon, sizeof soon) == 0);
    CHECK_ERRNO(send(pair[0], block, 4096, 0), EAGAIN);
    puts("ok");
}
