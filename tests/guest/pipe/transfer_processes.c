// 8 MiB from one process to another and back, in blocks of odd sizes, arrive in order.
#include "../test.h"

enum { TOTAL = 8 << 20 };

static unsigned char value_at(size_t i) { return (unsigned char)(i ^ i >> 8 ^ i >> 16); }

static void send_all(int fd) {
    static unsigned char block[70001];
    for (size_t at = 0; at < TOTAL;) {
        size_t length = TOTAL - at < sizeof block ? TOTAL - at : sizeof block;
        for (size_t i = 0; i < length; i++) block[i] = value_at(at + i);
        CHECK_EQ(write(fd, block, length), length);
        at += length;
    }
}

static void receive_all(int fd) {
    static unsigned char block[33333];
    size_t at = 0;
    for (ssize_t got; (got = read(fd, block, sizeof block)) != 0;) {
        CHECK(got > 0);
        for (ssize_t i = 0; i < got; i++, at++) CHECK_EQ(block[i], value_at(at));
    }
    CHECK_EQ(at, TOTAL);
}

int main(void) {
    int there[2], back[2];
    CHECK(pipe(there) == 0 && pipe(back) == 0);
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(close(there[1]) == 0 && close(back[0]) == 0);
        receive_all(there[0]);
        send_all(back[1]);
        _exit(0);
    }
    CHECK(close(there[0]) == 0 && close(back[1]) == 0);
    send_all(there[1]);
    CHECK(close(there[1]) == 0);
    receive_all(back[0]);
    CHECK_EXITS(child, 0);
    puts("ok");
}
