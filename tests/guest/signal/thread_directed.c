// A signal to a computing thread and to a blocked one runs in that thread; a process signal goes to a
// thread that does not block it.
#include "../test.h"

static _Atomic int stop, handled_by, tid;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    handled_by = gettid();
}

static void *compute(void *unused) {
    tid = gettid();
    while (!stop) __asm__ volatile("pause");
    return unused;
}

static void *block(void *unused) {
    tid = gettid();
    while (!stop) pause();
    return unused;
}

static void await(int wanted) {
    while (!handled_by) sched_yield();
    CHECK_EQ(handled_by, wanted);
    handled_by = 0;
}

int main(void) {
    handle(SIGUSR1, on_signal, 0);
    void *(*bodies[])(void *) = {compute, block};
    for (int i = 0; i < 2; i++) {
        stop = tid = 0;
        pthread_t thread = spawn(bodies[i], NULL);
        while (!tid) sched_yield();
        for (int round = 0; round < 50; round++) {
            CHECK_ZERO(pthread_kill(thread, SIGUSR1));
            await(tid);
        }
        sigset_t set = set_of(SIGUSR1);
        CHECK_ZERO(pthread_sigmask(SIG_BLOCK, &set, NULL));
        CHECK(kill(getpid(), SIGUSR1) == 0);
        await(tid);
        CHECK_ZERO(pthread_sigmask(SIG_UNBLOCK, &set, NULL));
        stop = 1;
        CHECK_ZERO(pthread_kill(thread, SIGUSR1));
        join(thread);
        handled_by = 0;
    }
    puts("ok");
}
