// A signal during recv: restarted with SA_RESTART, EINTR without it, and EINTR always when a time limit is set.
#include "../test.h"
#include <sys/socket.h>

static int pair[2];
static _Atomic int tid, handled;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    handled++;
}

static void *receiver(void *unused) {
    char byte;
    (void)unused;
    tid = gettid();
    return (void *)(recv(pair[0], &byte, 1, 0) == 1 ? 1L : -(long)errno);
}

static pthread_t disturb(int flags) {
    handle(SIGUSR1, on_signal, flags);
    tid = handled = 0;
    pthread_t thread = spawn(receiver, NULL);
    while (!tid) sched_yield();
    wait_until_asleep(tid);
    CHECK_ZERO(pthread_kill(thread, SIGUSR1));
    while (!handled) sched_yield();
    return thread;
}

int main(void) {
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    CHECK_EQ((long)join(disturb(0)), -EINTR);
    pthread_t thread = disturb(SA_RESTART);
    CHECK(send(pair[1], "x", 1, 0) == 1);
    CHECK_EQ((long)join(thread), 1);
    struct timeval minute = {60, 0};
    CHECK(setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &minute, sizeof minute) == 0);
    CHECK_EQ((long)join(disturb(SA_RESTART)), -EINTR);
    puts("ok");
}
