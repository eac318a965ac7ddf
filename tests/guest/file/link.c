// Hard links share one file; directories cannot be linked; linkat may follow.
#include "../test.h"

int main(void) {
    int fd = file_with("f", "one", 3);
    CHECK(link("f", "g") == 0 && mkdir("d", 0755) == 0 && symlink("f", "l") == 0);
    CHECK(write(open("g", O_WRONLY), "ONE", 3) == 3);
    char text[4] = {0};
    CHECK(read(fd, text, 3) == 3);
    puts(text);
    CHECK_ERRNO(link("f", "g"), EEXIST);
    CHECK_ERRNO(link("d", "e"), EPERM);
    CHECK_ERRNO(link("none", "e"), ENOENT);
    CHECK_ERRNO(link("f", "none/e"), ENOENT);
    struct stat st;
    CHECK(link("l", "m") == 0 && lstat("m", &st) == 0 && S_ISLNK(st.st_mode));
    CHECK(linkat(AT_FDCWD, "l", AT_FDCWD, "n", AT_SYMLINK_FOLLOW) == 0);
    CHECK(lstat("n", &st) == 0 && S_ISREG(st.st_mode));
    CHECK_EQ(st.st_nlink, 3);
    CHECK_ERRNO(linkat(AT_FDCWD, "f", AT_FDCWD, "o", 1), EINVAL);
    CHECK(unlink("f") == 0 && unlink("g") == 0 && fstat(fd, &st) == 0);
    CHECK_EQ(st.st_nlink, 1);
}
