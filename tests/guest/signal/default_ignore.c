// SIGCHLD, SIGURG, SIGWINCH and SIGCONT are ignored by default; ignored signals interrupt nothing.
#include "../test.h"

static _Atomic int tid;

static void *body(void *unused) {
    struct timespec t = {0, 200000000};
    tid = gettid();
    CHECK(nanosleep(&t, NULL) == 0);
    return unused;
}

int main(void) {
    int signals[] = {SIGCHLD, SIGURG, SIGWINCH, SIGCONT};
    pthread_t thread = spawn(body, NULL);
    while (!tid) sched_yield();
    for (size_t i = 0; i < COUNT(signals); i++) {
        CHECK(raise(signals[i]) == 0);
        CHECK_ZERO(pthread_kill(thread, signals[i]));
        CHECK(kill(getpid(), signals[i]) == 0);
    }
    signal(SIGTERM, SIG_IGN);
    CHECK_ZERO(pthread_kill(thread, SIGTERM));
    join(thread);
    puts("ok");
}
