// Ctrl-C ends a foreground process that does not care.
#include "pty.h"

static int body(struct pty *pty) {
    put(pty->slave, "ready");
    for (;;) pause();
}

int main(void) {
    struct pty pty = open_pty();
    pid_t child = start_session(&pty, body);
    EXPECT(pty.master, "ready");
    put(pty.master, "\003");
    int status = status_of(child);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
    EXPECT(pty.master, "^C");
}
