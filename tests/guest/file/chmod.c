// chmod, fchmod, fchmodat: the bits, what they may be applied to, and the change time.
#include "../test.h"

static int mode_of(const char *path) {
    struct stat st;
    CHECK(stat(path, &st) == 0);
    return st.st_mode & 07777;
}

int main(void) {
    int fd = file_with("f", "x", 1);
    CHECK(symlink("f", "l") == 0 && mkdir("d", 0755) == 0);
    CHECK(chmod("f", 0640) == 0);
    printf("%o\n", mode_of("f"));
    CHECK(chmod("l", 04711) == 0);
    printf("%o\n", mode_of("f"));
    CHECK(fchmod(fd, 0) == 0);
    printf("%o\n", mode_of("f"));
    CHECK(write(fd, "y", 1) == 1);
    CHECK(fchmodat(AT_FDCWD, "d", 01770, 0) == 0);
    printf("%o\n", mode_of("d"));
    CHECK(chmod("f", 0100644) == 0);
    printf("%o\n", mode_of("f"));
    CHECK_ERRNO(chmod("none", 0644), ENOENT);
    CHECK_ERRNO(fchmod(99, 0644), EBADF);
    CHECK_ERRNO(fchmod(open("f", O_PATH), 0644), EBADF);
    CHECK_ERRNO(chmod("f/", 0644), ENOTDIR);
}
