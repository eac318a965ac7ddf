// splice between two pipes moves what is there and fits, and waits for the first byte alone.
#include "../test.h"

static int a[2], b[2];
static char block[200000];

static void *write_later(void *argument) {
    (void)argument;
    sleep_ms(30);
    CHECK_EQ(write(a[1], "late", 4), 4);
    return NULL;
}

int main(void) {
    CHECK(pipe(a) == 0 && pipe(b) == 0);
    CHECK_ERRNO(splice(a[0], NULL, b[1], NULL, 10, SPLICE_F_NONBLOCK), EAGAIN);
    pthread_t thread = spawn(write_later, NULL);
    CHECK_EQ(splice(a[0], NULL, b[1], NULL, 1000, 0), 4);
    join(thread);
    CHECK_EQ(read(b[0], block, 100), 4);
    printf("%.4s\n", block);
    // No more than fits.
    for (int i = 0; i < 65536; i++) block[i] = i * 7;
    CHECK_EQ(write(a[1], block, 65536), 65536);
    CHECK_EQ(fcntl(b[1], F_SETPIPE_SZ, 8192), 8192);
    CHECK_EQ(splice(a[0], NULL, b[1], NULL, 100000, 0), 8192);
    CHECK_ERRNO(splice(a[0], NULL, b[1], NULL, 100000, SPLICE_F_NONBLOCK), EAGAIN);
    static char got[200000];
    CHECK_EQ(read(b[0], got, sizeof got), 8192);
    CHECK_EQ(memcmp(got, block, 8192), 0);
    CHECK_EQ(splice(a[0], NULL, b[1], NULL, 100, 0), 100);
    CHECK_EQ(read(b[0], got, sizeof got), 100);
    CHECK_EQ(memcmp(got, block + 8192, 100), 0);
    CHECK_EQ(read(a[0], got, sizeof got), 65536 - 8292);
    CHECK_EQ(memcmp(got, block + 8292, 65536 - 8292), 0);
    // The end; a full pipe is waited for even then.
    CHECK_EQ(close(a[1]), 0);
    CHECK_EQ(splice(a[0], NULL, b[1], NULL, 100, 0), 0);
    CHECK_EQ(write(b[1], block, 8192), 8192);
    CHECK_ERRNO(splice(a[0], NULL, b[1], NULL, 100, SPLICE_F_NONBLOCK), EAGAIN);
    // Without a reader.
    signal(SIGPIPE, SIG_IGN);
    int c[2];
    CHECK(pipe(c) == 0 && write(c[1], "x", 1) == 1);
    CHECK_EQ(close(b[0]), 0);
    CHECK_ERRNO(splice(c[0], NULL, b[1], NULL, 1, 0), EPIPE);
    CHECK_EQ(read(c[0], got, 9), 1);
    // The wrong ends, and one pipe twice.
    CHECK_ERRNO(splice(c[1], NULL, b[1], NULL, 1, 0), EBADF);
    CHECK_ERRNO(splice(c[0], NULL, a[0], NULL, 1, 0), EBADF);
    CHECK_ERRNO(splice(c[0], NULL, c[1], NULL, 1, 0), EINVAL);
    CHECK_ERRNO(splice(-1, NULL, b[1], NULL, 1, 0), EBADF);
    CHECK_EQ(splice(-1, NULL, b[1], NULL, 0, 0), 0);
}
