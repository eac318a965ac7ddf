// Background processes are stopped when they read or change the terminal, and when they write if TOSTOP is set.
#include "pty.h"

static struct pty *terminal;

static void child_does(int what) {
    char buffer[16];
    struct termios settings = settings_of(terminal->slave);
    switch (what) {
    case 0: CHECK(read(terminal->slave, buffer, sizeof buffer) == 3); break;
    case 1: CHECK(tcsetattr(terminal->slave, TCSANOW, &settings) == 0); break;
    case 2: put(terminal->slave, "bg"); break;
    case 3: CHECK(tcflush(terminal->slave, TCIFLUSH) == 0); break;
    case 4: CHECK(tcsetpgrp(terminal->slave, getpgrp()) == 0); break;
    }
}

static void try(int what, int wanted) {
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        CHECK(setpgid(0, 0) == 0);
        child_does(what);
        _exit(0);
    }
    int status;
    CHECK_EQ(waitpid(child, &status, WUNTRACED), child);
    if (!wanted) {
        CHECK_EQ(status, 0);
        return;
    }
    CHECK(WIFSTOPPED(status) && WSTOPSIG(status) == wanted);
    signal(SIGTTOU, SIG_IGN);
    CHECK(tcsetpgrp(terminal->slave, child) == 0);
    CHECK_EQ(tcgetpgrp(terminal->slave), child);
    CHECK(kill(-child, SIGCONT) == 0);
    if (what == 0) put(terminal->master, "in\n");
    expect_success(child);
    CHECK(tcsetpgrp(terminal->slave, getpgrp()) == 0);
    signal(SIGTTOU, SIG_DFL);
}

static int body(struct pty *pty) {
    terminal = pty;
    without_echo(pty->slave);
    try(0, SIGTTIN);
    try(1, SIGTTOU);
    try(2, 0);
    EXPECT(pty->master, "bg");
    try(3, SIGTTOU);
    try(4, SIGTTOU);
    struct termios settings = settings_of(pty->slave);
    settings.c_lflag |= TOSTOP;
    set(pty->slave, &settings);
    try(2, SIGTTOU);
    EXPECT(pty->master, "bg");
    return 0;
}

int main(void) {
    struct pty pty = open_pty();
    expect_success(start_session(&pty, body));
}
