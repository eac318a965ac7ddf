// A signal during a blocked read or write: restarted with SA_RESTART, EINTR without.
#include "../test.h"

static int ends[2];
static _Atomic int tid, handled;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    handled++;
}

static void *reader(void *unused) {
    char byte;
    (void)unused;
    tid = gettid();
    return (void *)(read(ends[0], &byte, 1) == 1 ? 1L : -(long)errno);
}

static void *writer(void *unused) {
    char byte = 'x';
    (void)unused;
    tid = gettid();
    return (void *)(write(ends[1], &byte, 1) == 1 ? 1L : -(long)errno);
}

static pthread_t disturb(void *(*body)(void *), int flags) {
    handle(SIGUSR1, on_signal, flags);
    tid = handled = 0;
    pthread_t thread = spawn(body, NULL);
    while (!tid) sched_yield();
    wait_until_asleep(tid);
    CHECK_ZERO(pthread_kill(thread, SIGUSR1));
    while (!handled) sched_yield();
    return thread;
}

int main(void) {
    static char block[65536];
    CHECK(pipe(ends) == 0);
    CHECK_EQ((long)join(disturb(reader, 0)), -EINTR);
    pthread_t thread = disturb(reader, SA_RESTART);
    CHECK(write(ends[1], "x", 1) == 1);
    CHECK_EQ((long)join(thread), 1);
    CHECK_EQ(write(ends[1], block, sizeof block), sizeof block);
    CHECK_EQ((long)join(disturb(writer, 0)), -EINTR);
    thread = disturb(writer, SA_RESTART);
    CHECK_EQ(read(ends[0], block, sizeof block), sizeof block);
    CHECK_EQ((long)join(thread), 1);
    puts("ok");
}
