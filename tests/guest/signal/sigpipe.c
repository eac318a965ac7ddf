// Writing to a pipe or socket without a reader sends SIGPIPE to the calling thread and returns EPIPE;
// MSG_NOSIGNAL suppresses only the signal; zero bytes do neither.
#include "../test.h"
#include <sys/socket.h>

static volatile int got, by;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)info, (void)context;
    got = signal;
    by = gettid();
}

static void *body(void *fd) {
    CHECK_ERRNO(write((int)(long)fd, "x", 1), EPIPE);
    CHECK_EQ(got, SIGPIPE);
    CHECK_EQ(by, gettid());
    return NULL;
}

int main(void) {
    int ends[2], pair[2];
    handle(SIGPIPE, on_signal, 0);
    CHECK(pipe(ends) == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    CHECK(close(ends[0]) == 0 && close(pair[0]) == 0);
    CHECK_EQ(write(ends[1], "x", 0), 0);
    CHECK_EQ(got, 0);
    join(spawn(body, (void *)(long)ends[1]));
    got = 0;
    CHECK_ERRNO(send(pair[1], "x", 1, MSG_NOSIGNAL), EPIPE);
    CHECK_EQ(got, 0);
    CHECK_ERRNO(send(pair[1], "x", 1, 0), EPIPE);
    CHECK_EQ(got, SIGPIPE);
    signal(SIGPIPE, SIG_IGN);
    CHECK_ERRNO(write(ends[1], "x", 1), EPIPE);
    puts("ok");
}
