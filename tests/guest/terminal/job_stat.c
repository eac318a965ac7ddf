// /proc/self/stat tells the terminal and its foreground.
#include "pty.h"

static int body(struct pty *pty) {
    char text[1024];
    int file = open("/proc/self/stat", O_RDONLY);
    ssize_t length = read(file, text, sizeof text - 1);
    CHECK(length > 0);
    text[length] = 0;
    int parent, group, session, terminal, foreground;
    CHECK(sscanf(strrchr(text, ')') + 4, "%d %d %d %d %d", &parent, &group, &session, &terminal, &foreground) == 5);
    struct stat status;
    CHECK(fstat(pty->slave, &status) == 0);
    CHECK_EQ(terminal, status.st_rdev);
    CHECK(session == getpid() && group == getpid() && foreground == getpid());
    return 0;
}

int main(void) {
    struct pty pty = open_pty();
    expect_success(start_session(&pty, body));
}
