// Where a background process ignores the signal, or nobody could continue it, reading is EIO.
#include "pty.h"

static int body(struct pty *pty) {
    char buffer[16];
    without_echo(pty->slave);
    int ends[2];
    CHECK(pipe(ends) == 0);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        CHECK(setpgid(0, 0) == 0);
        signal(SIGTTIN, SIG_IGN);
        CHECK_ERRNO(read(pty->slave, buffer, sizeof buffer), EIO);
        signal(SIGTTOU, SIG_IGN);
        struct termios settings = settings_of(pty->slave);
        CHECK(tcsetattr(pty->slave, TCSANOW, &settings) == 0);
        signal(SIGTTIN, SIG_DFL);
        pid_t orphan = fork();
        CHECK(orphan >= 0);
        if (orphan) _exit(0);
        // Orphaned once the parent is gone.
        CHECK(read(ends[0], buffer, 1) == 1);
        CHECK_ERRNO(read(pty->slave, buffer, sizeof buffer), EIO);
        put(pty->master, "done\n");
        _exit(0);
    }
    expect_success(child);
    put(ends[1], "x");
    CHECK_EQ(read(pty->slave, buffer, sizeof buffer), 5);
    return 0;
}

int main(void) {
    struct pty pty = open_pty();
    expect_success(start_session(&pty, body));
}
