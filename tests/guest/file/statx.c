// statx agrees with stat, says what it filled, and checks its flags.
#include "../test.h"
#include <linux/stat.h>
#include <sys/sysmacros.h>

int main(void) {
    umask(022);
    int fd = file_with("f", "abcde", 5);
    CHECK(symlink("f", "l") == 0);
    struct statx x;
    struct stat st;
    CHECK(statx(AT_FDCWD, "f", 0, STATX_BASIC_STATS, &x) == 0);
    CHECK(stat("f", &st) == 0);
    CHECK((x.stx_mask & STATX_BASIC_STATS) == STATX_BASIC_STATS);
    CHECK(x.stx_ino == st.st_ino && x.stx_nlink == st.st_nlink && x.stx_size == 5 && x.stx_mode == st.st_mode);
    CHECK(x.stx_mtime.tv_sec == st.st_mtim.tv_sec && x.stx_mtime.tv_nsec == st.st_mtim.tv_nsec);
    CHECK(makedev(x.stx_dev_major, x.stx_dev_minor) == st.st_dev);
    CHECK(statx(AT_FDCWD, "l", AT_SYMLINK_NOFOLLOW, STATX_TYPE, &x) == 0);
    printf("%o\n", x.stx_mode & S_IFMT);
    CHECK(statx(fd, "", AT_EMPTY_PATH, STATX_SIZE, &x) == 0);
    printf("%d\n", (int)x.stx_size);
    CHECK(statx(AT_FDCWD, "f", AT_STATX_DONT_SYNC, STATX_ALL, &x) == 0);
    CHECK_ERRNO(statx(AT_FDCWD, "f", 0x10, STATX_SIZE, &x), EINVAL);
    CHECK_ERRNO(statx(AT_FDCWD, "f", AT_STATX_SYNC_TYPE, STATX_SIZE, &x), EINVAL);
    CHECK_ERRNO(statx(AT_FDCWD, "f", 0, STATX__RESERVED, &x), EINVAL);
    CHECK_ERRNO(statx(AT_FDCWD, "none", 0, STATX_SIZE, &x), ENOENT);
    CHECK_ERRNO(statx(AT_FDCWD, "", 0, STATX_SIZE, &x), ENOENT);
}
