// needs: /bin/true
// The usual trick: a pipe that closes on execve tells the parent of success by its end, of failure by an errno.
#include "../test.h"

static int start(const char *path, pid_t *child) {
    int ends[2], reason = 0;
    CHECK(pipe2(ends, O_CLOEXEC) == 0);
    *child = fork_child();
    if (*child == 0) {
        execl(path, path, NULL);
        reason = errno;
        CHECK_EQ(write(ends[1], &reason, sizeof reason), sizeof reason);
        _exit(127);
    }
    CHECK(close(ends[1]) == 0);
    ssize_t got = read(ends[0], &reason, sizeof reason);
    CHECK(close(ends[0]) == 0);
    return got == 0 ? 0 : reason;
}

int main(void) {
    pid_t child;
    CHECK_EQ(start("/bin/true", &child), 0);
    CHECK_EXITS(child, 0);
    CHECK_EQ(start("/no/such/program", &child), ENOENT);
    CHECK_EXITS(child, 127);
    puts("ok");
}
