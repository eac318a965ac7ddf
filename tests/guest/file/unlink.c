// An unlinked file lives on while it is open; what unlink and rmdir refuse.
#include "../test.h"

int main(void) {
    char text[6] = {0};
    int fd = file_with("f", "still", 5);
    CHECK(unlink("f") == 0);
    CHECK_ERRNO(open("f", O_RDONLY), ENOENT);
    CHECK_EQ(read(fd, text, 5), 5);
    CHECK_EQ(write(fd, "more", 4), 4);
    puts(text);
    CHECK(mkdir("d", 0755) == 0 && mkdir("d/e", 0755) == 0);
    CHECK_ERRNO(unlink("d"), EISDIR);
    CHECK_ERRNO(unlink("none"), ENOENT);
    CHECK_ERRNO(unlink(""), ENOENT);
    CHECK_ERRNO(rmdir("d"), ENOTEMPTY);
    CHECK_ERRNO(rmdir("d/e/."), EINVAL);
    CHECK_ERRNO(rmdir("d/e/.."), ENOTEMPTY);
    close(file_with("g", "", 0));
    CHECK_ERRNO(rmdir("g"), ENOTDIR);
    CHECK_ERRNO(unlink("g/"), ENOTDIR);
    CHECK(unlinkat(AT_FDCWD, "d/e", AT_REMOVEDIR) == 0);
    CHECK_ERRNO(unlinkat(AT_FDCWD, "g", 0x1), EINVAL);
    CHECK(symlink("d", "l") == 0);
    CHECK_ERRNO(rmdir("l"), ENOTDIR);
    CHECK(unlink("l") == 0 && rmdir("d/") == 0);
    CHECK_ERRNO(rmdir("/"), EBUSY);
    int dir = (mkdir("gone", 0755), open("gone", O_RDONLY));
    CHECK(rmdir("gone") == 0);
    CHECK_ERRNO(openat(dir, "x", O_CREAT | O_WRONLY, 0600), ENOENT);
}
