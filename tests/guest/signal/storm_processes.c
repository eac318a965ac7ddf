// A storm of signals from several processes at one that reads, computes and forks: no call fails otherwise than by EINTR.
#include "../test.h"

static volatile int got;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    got++;
}

int main(void) {
    int ends[2];
    char byte = 'x';
    pid_t parent = getpid(), senders[2];
    handle(SIGUSR1, on_signal, SA_RESTART);
    CHECK(pipe(ends) == 0);
    for (int i = 0; i < 2; i++) {
        senders[i] = fork_child();
        if (senders[i] == 0)
            for (;;) {
                if (kill(parent, SIGUSR1) != 0) _exit(1);
                sched_yield();
            }
    }
    for (int i = 0; i < 150; i++) {
        CHECK_EQ(write(ends[1], &byte, 1), 1);
        CHECK_EQ(read(ends[0], &byte, 1), 1);
        pid_t child = fork();
        CHECK(child >= 0);
        if (child == 0) _exit(7);
        CHECK_EXITS(child, 7);
    }
    while (got < 10) sched_yield();
    for (int i = 0; i < 2; i++) {
        CHECK(kill(senders[i], SIGKILL) == 0);
        CHECK_DIES(senders[i], SIGKILL);
    }
    puts("ok");
}
