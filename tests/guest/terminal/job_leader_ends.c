// When the leader ends, the foreground is hung up on and the terminal is free.
#include "pty.h"

static int body(struct pty *pty) {
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        sigset_t set = set_of(SIGHUP);
        CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
        put(pty->slave, "ready");
        siginfo_t info;
        CHECK_EQ(sigwaitinfo(&set, &info), SIGHUP);
        CHECK_ERRNO(open("/dev/tty", O_RDWR), ENXIO);
        put(pty->slave, "hung up");
        _exit(0);
    }
    EXPECT(pty->master, "ready");
    return 0;
}

static int next(struct pty *pty) {
    CHECK_EQ(tcgetsid(pty->slave), getpid());
    return 0;
}

int main(void) {
    struct pty pty = open_pty();
    expect_success(start_session(&pty, body));
    EXPECT(pty.master, "hung up");
    expect_success(start_session(&pty, next));
}
