// A read waits for VMIN bytes, and poll too; without waiting it takes what is there.
#include "pty.h"

static void *typist(void *argument) {
    int master = *(int *)argument;
    for (int i = 0; i < 5; i++) {
        sleep_ms(20);
        put(master, "x");
    }
    return NULL;
}

int main(void) {
    struct pty pty = open_pty();
    char buffer[16];
    make_raw(pty.slave, 5, 0);
    pthread_t thread = spawn(typist, &pty.master);
    CHECK_EQ(read(pty.slave, buffer, sizeof buffer), 5);
    CHECK_ZERO(pthread_join(thread, NULL));
    put(pty.master, "abc");
    expect_nothing(pty.slave);
    put(pty.master, "de");
    CHECK_EQ(wait_for(pty.slave, POLLIN), POLLIN);
    // A smaller buffer is filled.
    CHECK_EQ(read(pty.slave, buffer, 2), 2);
    CHECK(fcntl(pty.slave, F_SETFL, O_RDWR | O_NONBLOCK) == 0);
    CHECK_EQ(read(pty.slave, buffer, sizeof buffer), 3);
    CHECK_ERRNO(read(pty.slave, buffer, sizeof buffer), EAGAIN);
    CHECK_EQ(read(pty.slave, buffer, 0), 0);
}
