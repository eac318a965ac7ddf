// A thread blocked in recv wakes by data, by shutdown and by the peer's close.
#include "../test.h"
#include <sys/socket.h>

static int pair[2];
static _Atomic int tid;

static void *receiver(void *unused) {
    char text[8];
    (void)unused;
    tid = gettid();
    return (void *)(long)recv(pair[1], text, 8, 0);
}

static pthread_t blocked(void) {
    tid = 0;
    pthread_t thread = spawn(receiver, NULL);
    while (!tid) sched_yield();
    wait_until_asleep(tid);
    return thread;
}

int main(void) {
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    pthread_t thread = blocked();
    CHECK(send(pair[0], "abc", 3, 0) == 3);
    printf("%ld\n", (long)join(thread));
    thread = blocked();
    CHECK(shutdown(pair[1], SHUT_RD) == 0);
    printf("%ld\n", (long)join(thread));
    CHECK(close(pair[0]) == 0 && close(pair[1]) == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    thread = blocked();
    CHECK(close(pair[0]) == 0);
    printf("%ld\n", (long)join(thread));
}
