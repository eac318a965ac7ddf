// What nobody reads is bounded on both sides, and room is announced.
#include "pty.h"

static size_t fill(int fd) {
    char chunk[512];
    memset(chunk, 'x', sizeof chunk);
    chunk[511] = '\n';
    size_t total = 0;
    for (ssize_t count; (count = write(fd, chunk, sizeof chunk)) > 0;) {
        total += (size_t)count;
        CHECK(total < 1 << 20);
        sleep_ms(1);
    }
    CHECK(errno == EAGAIN);
    return total;
}

int main(void) {
    struct pty pty = open_pty();
    without_echo(pty.slave);
    CHECK(fcntl(pty.master, F_SETFL, O_RDWR | O_NONBLOCK) == 0);
    CHECK(fcntl(pty.slave, F_SETFL, O_RDWR | O_NONBLOCK) == 0);
    CHECK(fill(pty.slave) >= 4096);
    CHECK(fill(pty.master) >= 4096);
    char buffer[4096];
    size_t lines = 0;
    for (ssize_t count; (count = read(pty.slave, buffer, sizeof buffer)) > 0; lines++) {
        CHECK(count <= 512);
        sleep_ms(1);
    }
    CHECK(lines >= 8);
    while (read(pty.master, buffer, sizeof buffer) > 0) sleep_ms(1);
    CHECK_EQ(wait_for(pty.slave, POLLOUT), POLLOUT);
    CHECK_EQ(wait_for(pty.master, POLLOUT), POLLOUT);
}
