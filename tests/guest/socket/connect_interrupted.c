// A signal ends a wait in connect and accept, or starts it again with SA_RESTART, but not with a time limit.
#include "unix.h"

static volatile int hits;

static void hit(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    hits++;
}

static void alarm_ms(long ms) {
    timer_t timer;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    struct itimerspec when = {.it_value = {0, ms * 1000000}};
    CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0 && timer_settime(timer, 0, &when, NULL) == 0);
}

static void *accept_late(void *server) {
    sleep_ms(120);
    CHECK(accept((int)(long)server, NULL, NULL) >= 0);
    return NULL;
}

static void *connect_late(void *unused) {
    (void)unused;
    sleep_ms(120);
    return (void *)(long)connected(SOCK_STREAM, "door");
}

int main(void) {
    sigset_t blocked = set_of(SIGUSR1);
    int server = listening(SOCK_STREAM, "door", 0);
    handle(SIGUSR1, hit, 0);
    alarm_ms(30);
    CHECK_ERRNO(accept(server, NULL, NULL), EINTR);
    int first = connected(SOCK_STREAM, "door"), second = new_socket(SOCK_STREAM);
    alarm_ms(30);
    CHECK_ERRNO(connect_to(second, "door"), EINTR);
    CHECK_EQ(hits, 2);
    handle(SIGUSR1, hit, SA_RESTART);
    CHECK_ZERO(pthread_sigmask(SIG_BLOCK, &blocked, NULL));
    pthread_t thread = spawn(accept_late, (void *)(long)server);
    CHECK_ZERO(pthread_sigmask(SIG_UNBLOCK, &blocked, NULL));
    alarm_ms(30);
    CHECK(connect_to(second, "door") == 0);
    join(thread);
    CHECK_EQ(hits, 3);
    CHECK(accept(server, NULL, NULL) >= 0);
    CHECK_ZERO(pthread_sigmask(SIG_BLOCK, &blocked, NULL));
    thread = spawn(connect_late, NULL);
    CHECK_ZERO(pthread_sigmask(SIG_UNBLOCK, &blocked, NULL));
    alarm_ms(30);
    CHECK(accept(server, NULL, NULL) >= 0);
    join(thread);
    CHECK_EQ(hits, 4);
    struct timeval limit = {5, 0};
    CHECK(setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) == 0);
    alarm_ms(30);
    CHECK_ERRNO(accept(server, NULL, NULL), EINTR);
    CHECK(close(first) == 0);
}
