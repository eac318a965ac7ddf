// The attributes of posix_spawn: process group, session, signal mask, signals set to default.
#include "../test.h"
#include <spawn.h>

extern char **environ;

static int after_spawn(const char *what) {
    sigset_t now;
    struct sigaction action;
    CHECK(sigprocmask(SIG_BLOCK, NULL, &now) == 0);
    if (strcmp(what, "group") == 0) return getpgrp() == getpid() && getsid(0) != getpid() ? 21 : 1;
    if (strcmp(what, "session") == 0) return getpgrp() == getpid() && getsid(0) == getpid() ? 22 : 1;
    if (strcmp(what, "mask") == 0) return sigismember(&now, SIGUSR2) && !sigismember(&now, SIGUSR1) ? 23 : 1;
    CHECK(sigaction(SIGHUP, NULL, &action) == 0 && action.sa_handler == SIG_DFL);
    CHECK(sigaction(SIGQUIT, NULL, &action) == 0 && action.sa_handler == SIG_IGN);
    return 24;
}

static void expect(char *program, short flags, char *what, int code) {
    posix_spawnattr_t attributes;
    pid_t child;
    sigset_t mask = set_of(SIGUSR2), defaults = set_of(SIGHUP);
    char *arguments[] = {program, what, NULL};
    CHECK_ZERO(posix_spawnattr_init(&attributes));
    CHECK_ZERO(posix_spawnattr_setflags(&attributes, flags));
    CHECK_ZERO(posix_spawnattr_setpgroup(&attributes, 0));
    CHECK_ZERO(posix_spawnattr_setsigmask(&attributes, &mask));
    CHECK_ZERO(posix_spawnattr_setsigdefault(&attributes, &defaults));
    CHECK_ZERO(posix_spawn(&child, program, NULL, &attributes, arguments, environ));
    CHECK_EXITS(child, code);
    CHECK_ZERO(posix_spawnattr_destroy(&attributes));
}

int main(int argc, char **argv) {
    if (argc > 1) return after_spawn(argv[1]);
    sigset_t set = set_of(SIGUSR1), now;
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    signal(SIGHUP, SIG_IGN);
    signal(SIGQUIT, SIG_IGN);
    expect(argv[0], POSIX_SPAWN_SETPGROUP, "group", 21);
    expect(argv[0], POSIX_SPAWN_SETSID, "session", 22);
    expect(argv[0], POSIX_SPAWN_SETSIGMASK, "mask", 23);
    expect(argv[0], POSIX_SPAWN_SETSIGDEF, "defaults", 24);
    CHECK(sigprocmask(SIG_BLOCK, NULL, &now) == 0 && sigismember(&now, SIGUSR1) && !sigismember(&now, SIGUSR2));
    puts("ok");
}
