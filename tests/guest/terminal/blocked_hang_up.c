// A reader and a writer that wait at a terminal learn that it hangs up.
#include "pty.h"

static struct pty pty;

static void *reader(void *unused) {
    (void)unused;
    char buffer[16];
    CHECK_ERRNO(read(pty.slave, buffer, sizeof buffer), EIO);
    return NULL;
}

static void *writer(void *unused) {
    (void)unused;
    char chunk[1000];
    memset(chunk, 'x', sizeof chunk);
    ssize_t last;
    for (int i = 0; i < 1000 && (last = write(pty.slave, chunk, sizeof chunk)) > 0; i++) {
    }
    CHECK(last == -1 && errno == EIO);
    return NULL;
}

int main(void) {
    pty = open_pty();
    pthread_t threads[] = {spawn(reader, NULL), spawn(writer, NULL)};
    sleep_ms(200);
    close(pty.master);
    for (size_t i = 0; i < COUNT(threads); i++) CHECK_ZERO(pthread_join(threads[i], NULL));
}
