// A read that waits at a terminal is interrupted by a signal, or goes on after it.
#include "pty.h"

static struct pty pty;
static volatile int caught;
static pthread_t reader;

static void note(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    caught++;
}

static void *disturb(void *typed) {
    sleep_ms(100);
    CHECK_ZERO(pthread_kill(reader, SIGUSR1));
    sleep_ms(100);
    if (typed) put(pty.master, typed);
    return NULL;
}

int main(void) {
    char buffer[16];
    pty = open_pty();
    reader = pthread_self();
    handle(SIGUSR1, note, 0);
    pthread_t thread = spawn(disturb, NULL);
    CHECK_ERRNO(read(pty.slave, buffer, sizeof buffer), EINTR);
    CHECK_ZERO(pthread_join(thread, NULL));
    handle(SIGUSR1, note, SA_RESTART);
    thread = spawn(disturb, "x\n");
    CHECK_EQ(read(pty.slave, buffer, sizeof buffer), 2);
    CHECK_ZERO(pthread_join(thread, NULL));
    CHECK_EQ(caught, 2);
}
