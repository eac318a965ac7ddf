// A signal ends a wait in connect and accept, or starts it again with SA_RESTART, but not with a time limit.
#include "unix.h"

static volatile int hits;
static timer_t timer;

static void hit(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    hits++;
}

// Signals come every so often, or no more.
static void signals_every_ms(long ms) {
    struct timespec time = {0, ms * 1000000};
    struct itimerspec when = {time, time};
    CHECK(timer_settime(timer, 0, &when, NULL) == 0);
}

// Two signals after the call of the other thread has begun, it has been started again.
static void wait_for_signals(void) {
    sleep_ms(30);
    for (int before = hits; hits < before + 2;) sleep_ms(1);
}

static void *accept_late(void *server) {
    wait_for_signals();
    CHECK(accept((int)(long)server, NULL, NULL) >= 0);
    return NULL;
}

static void *connect_late(void *unused) {
    (void)unused;
    wait_for_signals();
    return (void *)(long)connected(SOCK_STREAM, "door");
}

// A thread that no signal reaches.
static pthread_t spawn_undisturbed(void *(*body)(void *), void *argument) {
    sigset_t blocked = set_of(SIGUSR1);
    CHECK_ZERO(pthread_sigmask(SIG_BLOCK, &blocked, NULL));
    pthread_t thread = spawn(body, argument);
    CHECK_ZERO(pthread_sigmask(SIG_UNBLOCK, &blocked, NULL));
    return thread;
}

int main(void) {
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
    int server = listening(SOCK_STREAM, "door", 0);
    handle(SIGUSR1, hit, 0);
    signals_every_ms(20);
    CHECK_ERRNO(accept(server, NULL, NULL), EINTR);
    signals_every_ms(0);
    int first = connected(SOCK_STREAM, "door"), second = new_socket(SOCK_STREAM);
    signals_every_ms(20);
    CHECK_ERRNO(connect_to(second, "door"), EINTR);
    handle(SIGUSR1, hit, SA_RESTART);
    pthread_t thread = spawn_undisturbed(accept_late, (void *)(long)server);
    CHECK(connect_to(second, "door") == 0);
    join(thread);
    CHECK(accept(server, NULL, NULL) >= 0);
    thread = spawn_undisturbed(connect_late, NULL);
    CHECK(accept(server, NULL, NULL) >= 0);
    join(thread);
    struct timeval limit = {5, 0};
    CHECK(setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) == 0);
    CHECK_ERRNO(accept(server, NULL, NULL), EINTR);
    signals_every_ms(0);
    CHECK(close(first) == 0);
}
