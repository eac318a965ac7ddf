// Real-time signals queue: each is delivered, in order of number, then of sending; ordinary ones collapse.
#include "../test.h"

static int log_at;
static int log_[40];

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)context;
    log_[log_at++] = (signal - SIGRTMIN) * 100 + info->si_value.sival_int;
}

static volatile int plain;

static void on_plain(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    plain++;
}

int main(void) {
    sigset_t all, none = set_of(0);
    sigfillset(&all);
    for (int i = 1; i <= 3; i++) {
        struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO, .sa_mask = all};
        CHECK(sigaction(SIGRTMIN + i, &action, NULL) == 0);
    }
    handle(SIGUSR1, on_plain, 0);
    CHECK(sigprocmask(SIG_SETMASK, &all, NULL) == 0);
    for (int value = 0; value < 4; value++)
        for (int i = 3; i >= 1; i--) CHECK(sigqueue(getpid(), SIGRTMIN + i, (union sigval){.sival_int = value}) == 0);
    for (int i = 0; i < 3; i++) CHECK(raise(SIGUSR1) == 0);
    CHECK(sigprocmask(SIG_SETMASK, &none, NULL) == 0);
    // The last frame built runs first, so all masks are full: the order is that of delivery.
    for (int i = 0; i < log_at; i++) printf("%d ", log_[i]);
    printf("/ %d\n", plain);
}
