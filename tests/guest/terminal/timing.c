// VTIME: how long a read waits for the first byte, or between two.
#include "pty.h"

static void *typist(void *argument) {
    int master = *(int *)argument;
    sleep_ms(150);
    put(master, "a");
    sleep_ms(20);
    put(master, "b");
    return NULL;
}

static int64_t since(int64_t start) { return (now_ns(CLOCK_MONOTONIC) - start) / 1000000; }

int main(void) {
    struct pty pty = open_pty();
    char buffer[16];
    make_raw(pty.slave, 0, 2);
    int64_t start = now_ns(CLOCK_MONOTONIC);
    CHECK_EQ(read(pty.slave, buffer, sizeof buffer), 0);
    CHECK(since(start) >= 190 && since(start) < 1900);
    put(pty.master, "x");
    CHECK_EQ(read(pty.slave, buffer, sizeof buffer), 1);
    make_raw(pty.slave, 0, 0);
    CHECK_EQ(read(pty.slave, buffer, sizeof buffer), 0);
    // The time between bytes starts with the first one.
    make_raw(pty.slave, 10, 1);
    pthread_t thread = spawn(typist, &pty.master);
    start = now_ns(CLOCK_MONOTONIC);
    CHECK_EQ(read(pty.slave, buffer, sizeof buffer), 2);
    CHECK(since(start) >= 240 && since(start) < 1900);
    CHECK_ZERO(pthread_join(thread, NULL));
}
