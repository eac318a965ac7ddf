// CLONE_FILES: one descriptor table in two processes, until one of them executes or ends.
#include "../test.h"

static int *opened;

int main(int argc, char **argv) {
    if (argc > 1) return close(atoi(argv[1])) == 0 ? 15 : 16;
    int fd = file_with("f", "abc", 3), doomed = dup(fd);
    opened = shared_pages(1);
    long child = raw(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
    if (child == 0) {
        CHECK(close(doomed) == 0);
        *opened = fcntl(fd, F_DUPFD_CLOEXEC, 50);
        CHECK(fcntl(fd, F_SETFD, FD_CLOEXEC) == 0);
        _exit(0);
    }
    CHECK_EXITS((pid_t)child, 0);
    CHECK_ERRNO(fcntl(doomed, F_GETFD), EBADF);
    CHECK_EQ(fcntl(*opened, F_GETFD), FD_CLOEXEC);
    CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
    CHECK(fcntl(fd, F_SETFD, 0) == 0);
    child = raw(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
    if (child == 0) {
        char number[16];
        snprintf(number, sizeof number, "%d", fd);
        char *arguments[] = {argv[0], number, NULL};
        execv(argv[0], arguments);
        _exit(1);
    }
    // The new program has closed its own copy, and the descriptor that closes on execve is still here.
    CHECK_EXITS((pid_t)child, 15);
    CHECK_EQ(fcntl(fd, F_GETFD), 0);
    CHECK_EQ(fcntl(*opened, F_GETFD), FD_CLOEXEC);
    puts("ok");
}
