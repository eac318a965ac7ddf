// unshare takes sharing back: nothing to do is a success, impossible requests are EINVAL.
#include "../test.h"

static int fd;

static void *body(void *unused) {
    CHECK(unshare(CLONE_FILES) == 0);
    CHECK(close(fd) == 0);
    CHECK_ERRNO(unshare(CLONE_VM), EINVAL);
    CHECK_ERRNO(unshare(CLONE_THREAD), EINVAL);
    return unused;
}

int main(void) {
    fd = file_with("f", "x", 1);
    CHECK(unshare(0) == 0 && unshare(CLONE_FILES) == 0 && unshare(CLONE_FS) == 0 && unshare(CLONE_FILES | CLONE_FS) == 0);
    CHECK(unshare(CLONE_SYSVSEM) == 0);
    CHECK(unshare(CLONE_VM) == 0 && unshare(CLONE_SIGHAND) == 0 && unshare(CLONE_THREAD) == 0);
    CHECK_ERRNO(unshare(CLONE_VFORK), EINVAL);
    CHECK_ERRNO(unshare(CLONE_PARENT), EINVAL);
    CHECK_ERRNO(unshare(1), EINVAL);
    join(spawn(body, NULL));
    CHECK_EQ(fcntl(fd, F_GETFD), 0);
    puts("ok");
}
