// MSG_PEEK leaves the data; MSG_WAITALL fills the buffer or stops at the end.
#include "../test.h"
#include <sys/socket.h>

static int pair[2];

static void *sender(void *unused) {
    for (int i = 0; i < 10; i++) {
        CHECK(send(pair[0], "0123456789", 10, 0) == 10);
        sleep_ms(2);
    }
    CHECK(send(pair[0], "rest", 4, 0) == 4 && close(pair[0]) == 0);
    return unused;
}

int main(void) {
    char text[200] = {0};
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    CHECK(send(pair[0], "peek", 4, 0) == 4);
    CHECK_EQ(recv(pair[1], text, 2, MSG_PEEK), 2);
    CHECK_EQ(recv(pair[1], text, 200, MSG_PEEK), 4);
    CHECK_EQ(recv(pair[1], text, 200, 0), 4);
    puts(text);
    CHECK_ERRNO(recv(pair[1], text, 1, MSG_PEEK | MSG_DONTWAIT), EAGAIN);
    pthread_t thread = spawn(sender, NULL);
    CHECK_EQ(recv(pair[1], text, 100, MSG_WAITALL), 100);
    CHECK_EQ(recv(pair[1], text, 100, MSG_WAITALL), 4);
    CHECK_EQ(recv(pair[1], text, 100, MSG_WAITALL), 0);
    join(thread);
}
