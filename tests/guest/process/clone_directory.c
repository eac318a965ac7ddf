// CLONE_FS: working directory and file mode mask are shared; unshare ends that.
#include "../test.h"

int main(void) {
    char here[PATH_MAX], there[PATH_MAX];
    CHECK(mkdir("a", 0777) == 0 && mkdir("a/b", 0777) == 0);
    umask(022);
    long child = raw(SYS_clone, CLONE_FS | SIGCHLD, 0, 0, 0, 0);
    if (child == 0) {
        CHECK(chdir("a") == 0);
        umask(077);
        CHECK(getcwd(here, sizeof here));
        _exit(0);
    }
    CHECK_EXITS((pid_t)child, 0);
    CHECK_EQ(umask(022), 077);
    CHECK(getcwd(there, sizeof there) && strcmp(strrchr(there, '/'), "/a") == 0);
    child = raw(SYS_clone, CLONE_FS | SIGCHLD, 0, 0, 0, 0);
    if (child == 0) {
        CHECK(unshare(CLONE_FS) == 0);
        CHECK(chdir("b") == 0);
        umask(0);
        _exit(0);
    }
    CHECK_EXITS((pid_t)child, 0);
    CHECK_EQ(umask(022), 022);
    CHECK(getcwd(here, sizeof here) && strcmp(here, there) == 0);
    puts("ok");
}
