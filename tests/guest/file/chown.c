// chown to the own identity and with -1 succeeds; the errors of bad paths and descriptors.
#include "../test.h"

int main(void) {
    int fd = file_with("f", "x", 1);
    struct stat st;
    CHECK(chown("f", (uid_t)-1, (gid_t)-1) == 0);
    CHECK(chown("f", geteuid(), getegid()) == 0 && fchown(fd, geteuid(), (gid_t)-1) == 0);
    CHECK(lchown("f", (uid_t)-1, getegid()) == 0);
    CHECK(fchownat(fd, "", geteuid(), getegid(), AT_EMPTY_PATH) == 0);
    CHECK(fstat(fd, &st) == 0 && st.st_uid == geteuid() && st.st_gid == getegid());
    CHECK_ERRNO(chown("none", 0, 0), ENOENT);
    CHECK_ERRNO(fchown(99, 0, 0), EBADF);
    CHECK_ERRNO(fchownat(AT_FDCWD, "f", 0, 0, 1), EINVAL);
    CHECK(chmod("f", 06755) == 0 && chown("f", geteuid(), getegid()) == 0 && stat("f", &st) == 0);
    printf("%o\n", st.st_mode & 07777);
}
