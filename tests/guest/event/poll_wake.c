// A blocked poll wakes for data, for the end, for room, and counts all that is ready.
#include "../test.h"
#include <poll.h>

static int ends[3][2];
static _Atomic int tid;

static void *poller(void *unused) {
    struct pollfd fds[3];
    for (int i = 0; i < 3; i++) fds[i] = (struct pollfd){ends[i][0], POLLIN, 0};
    tid = gettid();
    (void)unused;
    CHECK(poll(fds, 3, -1) == 1);
    return (void *)(long)(fds[0].revents | fds[1].revents << 8 | fds[2].revents << 16);
}

static pthread_t blocked(void) {
    tid = 0;
    pthread_t thread = spawn(poller, NULL);
    while (!tid) sched_yield();
    wait_until_asleep(tid);
    return thread;
}

int main(void) {
    char byte;
    for (int i = 0; i < 3; i++) CHECK(pipe(ends[i]) == 0);
    for (int i = 0; i < 3; i++) {
        pthread_t thread = blocked();
        CHECK(write(ends[i][1], "x", 1) == 1);
        printf("%lx\n", (long)join(thread));
        CHECK(read(ends[i][0], &byte, 1) == 1);
    }
    pthread_t thread = blocked();
    CHECK(close(ends[1][1]) == 0);
    printf("%lx\n", (long)join(thread));
}
