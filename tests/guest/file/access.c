// access and faccessat: what exists, what is executable; bad modes and flags.
#include "../test.h"

int main(void) {
    CHECK(close(file_with("f", "x", 1)) == 0 && chmod("f", 0644) == 0 && symlink("none", "l") == 0);
    CHECK(access("f", F_OK) == 0 && access("f", R_OK | W_OK) == 0);
    CHECK_ERRNO(access("f", X_OK), EACCES);
    CHECK(chmod("f", 0700) == 0 && access("f", X_OK) == 0);
    CHECK(access(".", R_OK | W_OK | X_OK) == 0);
    CHECK_ERRNO(access("none", F_OK), ENOENT);
    CHECK_ERRNO(access("l", F_OK), ENOENT);
    CHECK_ERRNO(access("f", 8), EINVAL);
    CHECK_EQ(raw(SYS_faccessat2, AT_FDCWD, "l", F_OK, AT_SYMLINK_NOFOLLOW), 0);
    CHECK_EQ(raw(SYS_faccessat2, AT_FDCWD, "f", X_OK, AT_EACCESS), 0);
    CHECK_EQ(raw(SYS_faccessat2, AT_FDCWD, "f", X_OK, 1), -EINVAL);
    CHECK_EQ(raw(SYS_faccessat2, open("f", O_RDONLY), "", R_OK, AT_EMPTY_PATH), 0);
    CHECK(chmod("f", 0) == 0);
    int as_root = geteuid() == 0;
    CHECK_EQ(access("f", R_OK) == 0, as_root);
    CHECK_EQ(open("f", O_RDONLY) >= 0, as_root);
    CHECK_ERRNO(access("f", X_OK), EACCES);
    puts("ok");
}
