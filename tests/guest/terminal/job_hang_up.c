// When the master is closed, the leader of the session is sent SIGHUP and SIGCONT.
#include "pty.h"

static int ends[2];

static int body(struct pty *pty) {
    close(pty->master);
    sigset_t set = set_of(SIGHUP);
    sigaddset(&set, SIGCONT);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    put(ends[1], "x");
    int seen = 0;
    while (seen != 3) {
        siginfo_t info;
        int got = sigwaitinfo(&set, &info);
        seen |= got == SIGHUP ? 1 : got == SIGCONT ? 2 : 0;
    }
    char buffer[8];
    CHECK_EQ(read(pty->slave, buffer, sizeof buffer), 0);
    CHECK_ERRNO(open("/dev/tty", O_RDWR), ENXIO);
    return 0;
}

int main(void) {
    struct pty pty = open_pty();
    char byte;
    CHECK(pipe(ends) == 0);
    pid_t child = start_session(&pty, body);
    CHECK(read(ends[0], &byte, 1) == 1);
    close(pty.master);
    expect_success(child);
}
