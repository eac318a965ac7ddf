// Keys and the window's size send signals to the foreground; so does TIOCSIG.
#include "pty.h"

static int body(struct pty *pty) {
    sigset_t set;
    sigemptyset(&set);
    int signals[] = {SIGINT, SIGQUIT, SIGTSTP, SIGWINCH};
    for (size_t i = 0; i < COUNT(signals); i++) sigaddset(&set, signals[i]);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    put(pty->slave, "ready");
    for (size_t i = 0; i < 5; i++) {
        siginfo_t info;
        int got = sigwaitinfo(&set, &info);
        CHECK_EQ(info.si_code, SI_KERNEL);
        dprintf(pty->slave, "%d", got);
    }
    return 0;
}

int main(void) {
    struct pty pty = open_pty();
    struct termios settings = settings_of(pty.slave);
    settings.c_lflag &= ~(tcflag_t)ECHO;
    set(pty.slave, &settings);
    pid_t child = start_session(&pty, body);
    EXPECT(pty.master, "ready");
    put(pty.master, "\003");
    EXPECT(pty.master, "2");
    put(pty.master, "\034");
    EXPECT(pty.master, "3");
    put(pty.master, "\032");
    EXPECT(pty.master, "20");
    struct winsize size = {.ws_row = 30, .ws_col = 90};
    CHECK(ioctl(pty.master, TIOCSWINSZ, &size) == 0);
    EXPECT(pty.master, "28");
    CHECK(ioctl(pty.master, TIOCSWINSZ, &size) == 0);
    CHECK_ERRNO(ioctl(pty.master, 0x40045436, SIGTERM), EINVAL);
    CHECK(ioctl(pty.master, 0x40045436, SIGINT) == 0);
    EXPECT(pty.master, "2");
    expect_success(child);
}
