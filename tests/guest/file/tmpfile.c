// O_TMPFILE: a file without a name, which linkat can give one, unless O_EXCL forbids that.
#include "../test.h"

int main(void) {
    char path[64];
    int fd = open(".", O_TMPFILE | O_RDWR, 0600), locked = open(".", O_TMPFILE | O_RDWR | O_EXCL, 0600);
    CHECK(fd >= 0 && locked >= 0);
    CHECK(write(fd, "hidden", 6) == 6);
    struct stat st;
    CHECK(fstat(fd, &st) == 0);
    printf("%ld %o\n", (long)st.st_nlink, st.st_mode);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    CHECK(linkat(AT_FDCWD, path, AT_FDCWD, "named", AT_SYMLINK_FOLLOW) == 0);
    CHECK(stat("named", &st) == 0);
    printf("%ld %ld\n", (long)st.st_nlink, (long)st.st_size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", locked);
    CHECK_ERRNO(linkat(AT_FDCWD, path, AT_FDCWD, "other", AT_SYMLINK_FOLLOW), ENOENT);
    CHECK_ERRNO(open(".", O_TMPFILE | O_RDONLY, 0600), EINVAL);
    CHECK_ERRNO(open("named", O_TMPFILE | O_RDWR, 0600), ENOTDIR);
}
