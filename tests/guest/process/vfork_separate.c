// Shared after vfork is memory alone: descriptors, directory, mask of signals and handlers are copies.
#include "../test.h"

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
}

int main(void) {
    int fd = file_with("f", "x", 1);
    char here[PATH_MAX], there[PATH_MAX];
    sigset_t set = set_of(SIGUSR2), now;
    struct sigaction action;
    CHECK(mkdir("d", 0777) == 0 && getcwd(here, sizeof here));
    handle(SIGUSR1, on_signal, 0);
    pid_t child = vfork();
    if (child == 0) {
        close(fd);
        if (chdir("d") != 0) _exit(1);
        sigprocmask(SIG_BLOCK, &set, NULL);
        signal(SIGUSR1, SIG_IGN);
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    CHECK(fcntl(fd, F_GETFD) == 0);
    CHECK(getcwd(there, sizeof there) && strcmp(here, there) == 0);
    CHECK(sigprocmask(SIG_BLOCK, NULL, &now) == 0 && !sigismember(&now, SIGUSR2));
    CHECK(sigaction(SIGUSR1, NULL, &action) == 0 && action.sa_sigaction == on_signal);
    puts("ok");
}
