// Paths are relative to any directory descriptor; absolute ones ignore it.
#include "../test.h"

int main(void) {
    char absolute[4200], cwd[4096];
    CHECK(mkdir("d", 0755) == 0 && mkdir("d/e", 0755) == 0);
    int d = open("d", O_RDONLY | O_DIRECTORY), path_d = open("d", O_PATH | O_DIRECTORY);
    int f = openat(d, "f", O_RDWR | O_CREAT, 0644);
    CHECK(f >= 0 && write(f, "abc", 3) == 3);
    CHECK(openat(path_d, "f", O_RDONLY) >= 0);
    CHECK(openat(AT_FDCWD, "d/f", O_RDONLY) >= 0);
    CHECK(openat(d, "../d/e/../f", O_RDONLY) >= 0);
    CHECK_ERRNO(openat(d, "none", O_RDONLY), ENOENT);
    CHECK_ERRNO(openat(99, "f", O_RDONLY), EBADF);
    CHECK_ERRNO(openat(-5, "f", O_RDONLY), EBADF);
    CHECK_ERRNO(openat(f, "x", O_RDONLY), ENOTDIR);
    CHECK_ERRNO(openat(d, "", O_RDONLY), ENOENT);
    CHECK(getcwd(cwd, sizeof cwd));
    snprintf(absolute, sizeof absolute, "%s/d/f", cwd);
    CHECK(openat(99, absolute, O_RDONLY) >= 0);
    CHECK(rename("d", "moved") == 0);
    CHECK(openat(d, "f", O_RDONLY) >= 0);
    CHECK(mkdirat(d, "m", 0700) == 0);
    CHECK(access("moved/m", F_OK) == 0);
    struct stat st;
    CHECK(fstatat(d, "f", &st, 0) == 0);
    printf("%ld\n", (long)st.st_size);
    CHECK(fstatat(f, "", &st, AT_EMPTY_PATH) == 0);
    CHECK(fstatat(AT_FDCWD, "", &st, AT_EMPTY_PATH) == 0 && S_ISDIR(st.st_mode));
    CHECK_ERRNO(fstatat(d, "", &st, 0), ENOENT);
    CHECK_ERRNO(fstatat(d, "f", &st, 0x8), EINVAL);
}
