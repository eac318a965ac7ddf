// Many bytes pass in both directions at once, in order.
#include "pty.h"

#define TOTAL 300000
static struct pty pty;

static void send_all(int fd) {
    char chunk[777];
    for (size_t sent = 0; sent < TOTAL;) {
        size_t part = TOTAL - sent < sizeof chunk ? TOTAL - sent : sizeof chunk;
        for (size_t i = 0; i < part; i++) chunk[i] = (char)((sent + i) % 251);
        ssize_t count = write(fd, chunk, part);
        CHECK(count > 0);
        sent += (size_t)count;
    }
}

static void receive_all(int fd) {
    char chunk[1024];
    for (size_t got = 0; got < TOTAL;) {
        ssize_t count = read(fd, chunk, sizeof chunk);
        CHECK(count > 0);
        for (ssize_t i = 0; i < count; i++) CHECK_EQ(chunk[i], (char)((got + (size_t)i) % 251));
        got += (size_t)count;
    }
}

static void *type_all(void *unused) { return send_all(pty.master), unused; }
static void *show_all(void *unused) { return send_all(pty.slave), unused; }
static void *watch_all(void *unused) { return receive_all(pty.master), unused; }

int main(void) {
    pty = open_pty();
    make_raw(pty.slave, 1, 0);
    pthread_t threads[] = {spawn(type_all, NULL), spawn(show_all, NULL), spawn(watch_all, NULL)};
    receive_all(pty.slave);
    for (size_t i = 0; i < COUNT(threads); i++) CHECK_ZERO(pthread_join(threads[i], NULL));
}
