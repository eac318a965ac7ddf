// Two threads signal each other two thousand times, each waiting for the other: none is lost.
#include "../test.h"

static _Atomic int counts[2], tids[2];

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    counts[gettid() == tids[1]]++;
}

static void play(int me) {
    for (int i = 0; i < 2000; i++) {
        while (me && counts[1] <= i) raw(SYS_sched_yield);
        CHECK_EQ(raw(SYS_tgkill, getpid(), tids[!me], SIGUSR1), 0);
        for (int spins = 1; !me && counts[0] <= i; spins++) {
            __asm__ volatile("pause");
            if (spins % 2000 == 0) sched_yield();
        }
    }
}

static void *body(void *unused) {
    tids[1] = gettid();
    play(1);
    return unused;
}

int main(void) {
    handle(SIGUSR1, on_signal, 0);
    tids[0] = gettid();
    pthread_t thread = spawn(body, NULL);
    while (!tids[1]) sched_yield();
    play(0);
    join(thread);
    printf("%d %d\n", counts[0], counts[1]);
}
