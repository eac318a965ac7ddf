// Shared by the tests of terminals. The kernel moves bytes between the ends of a pseudoterminal when it
// finds time, so everything here waits for what it wants to see.
#ifndef LITEBOX_PTY_H
#define LITEBOX_PTY_H

#include "../test.h"
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>

struct pty {
    int master, slave;
    char name[64];
};

static inline struct pty open_pty(void) {
    struct pty pty;
    pty.master = posix_openpt(O_RDWR | O_NOCTTY);
    CHECK(pty.master >= 0 && grantpt(pty.master) == 0 && unlockpt(pty.master) == 0);
    CHECK(ptsname_r(pty.master, pty.name, sizeof pty.name) == 0);
    pty.slave = open(pty.name, O_RDWR | O_NOCTTY);
    CHECK(pty.slave >= 0);
    return pty;
}

static inline void put(int fd, const char *text) {
    CHECK_EQ(write(fd, text, strlen(text)), strlen(text));
}

// The conditions that are true within two seconds.
static inline int wait_for(int fd, short events) {
    struct pollfd poll_fd = {.fd = fd, .events = events};
    CHECK(poll(&poll_fd, 1, 2000) >= 0);
    return poll_fd.revents;
}

// These bytes, and no others, can be read.
static inline void expect_bytes(int fd, const char *wanted, size_t length, const char *file, int line) {
    char got[8192];
    size_t have = 0;
    while (have < length && wait_for(fd, POLLIN) & POLLIN) {
        ssize_t count = read(fd, got + have, length - have);
        if (count <= 0) break;
        have += (size_t)count;
    }
    if (have == length && memcmp(got, wanted, length) == 0) return;
    dprintf(2, "%s:%d: wanted %zu bytes, got %zu:", file, line, length, have);
    for (size_t i = 0; i < have; i++) dprintf(2, " %02x", (unsigned char)got[i]);
    dprintf(2, "\n");
    _exit(1);
}
#define EXPECT(fd, text) expect_bytes(fd, text, sizeof(text) - 1, __FILE__, __LINE__)

// Nothing can be read, and nothing comes soon.
static inline void expect_nothing(int fd) {
    struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
    CHECK_EQ(poll(&poll_fd, 1, 50), 0);
}

static inline struct termios settings_of(int fd) {
    struct termios settings;
    CHECK(tcgetattr(fd, &settings) == 0);
    return settings;
}

static inline void set(int fd, const struct termios *settings) {
    CHECK(tcsetattr(fd, TCSANOW, settings) == 0);
}

// Bytes as they are, without echo or signals; a read waits for so many or so long.
static inline void make_raw(int fd, int minimum, int tenths) {
    struct termios settings = settings_of(fd);
    cfmakeraw(&settings);
    settings.c_cc[VMIN] = (cc_t)minimum;
    settings.c_cc[VTIME] = (cc_t)tenths;
    set(fd, &settings);
}

static inline void without_echo(int fd) {
    struct termios settings = settings_of(fd);
    settings.c_lflag &= ~(tcflag_t)ECHO;
    set(fd, &settings);
}

// Runs `body` in a child that leads a session with the slave as its controlling terminal; its exit status.
static inline pid_t start_session(struct pty *pty, int (*body)(struct pty *)) {
    pid_t child = fork();
    CHECK(child >= 0);
    if (child) return child;
    CHECK(setsid() == getpid());
    CHECK(ioctl(pty->slave, TIOCSCTTY, 0) == 0);
    _exit(body(pty));
}

static inline void expect_success(pid_t child) { CHECK_EQ(status_of(child), 0); }

#endif
