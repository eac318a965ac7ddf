// Links are followed component by component, `..` after the link; loops and long chains are ELOOP.
#include "../test.h"

int main(void) {
    char text[100] = {0}, name[20], target[20];
    CHECK(mkdir("a", 0755) == 0 && mkdir("a/b", 0755) == 0 && mkdir("c", 0755) == 0);
    close(file_with("a/f", "in a", 4));
    close(file_with("f", "in top", 6));
    CHECK(symlink("../a/b", "c/link") == 0);
    int fd = open("c/link/../f", O_RDONLY);
    CHECK(read(fd, text, 99) == 4);
    puts(text);
    CHECK_EQ(readlink("c/link", text, sizeof text), 6);
    printf("%.6s\n", text);
    CHECK_EQ(readlink("c/link", text, 3), 3);
    CHECK_ERRNO(readlink("c/link", text, 0), EINVAL);
    CHECK_ERRNO(readlink("f", text, 10), EINVAL);
    CHECK_ERRNO(readlink("none", text, 10), ENOENT);
    CHECK(symlink("loop", "loop") == 0);
    CHECK_ERRNO(open("loop", O_RDONLY), ELOOP);
    CHECK_ERRNO(open("loop/x", O_RDONLY), ELOOP);
    strcpy(target, "f");
    for (int i = 1; i <= 41; i++) {
        snprintf(name, sizeof name, "chain%d", i);
        CHECK(symlink(target, name) == 0);
        strcpy(target, name);
    }
    CHECK(open("chain40", O_RDONLY) >= 0);
    CHECK_ERRNO(open("chain41", O_RDONLY), ELOOP);
    CHECK_ERRNO(symlink("x", "f"), EEXIST);
    CHECK_ERRNO(symlink("", "empty"), ENOENT);
    CHECK_ERRNO(symlink("x", "none/y"), ENOENT);
    CHECK(symlink("a/b/", "slash") == 0 && symlink("f", "file") == 0);
    CHECK_ERRNO(open("file/", O_RDONLY), ENOTDIR);
    int link_fd = open("slash", O_PATH | O_NOFOLLOW);
    CHECK_EQ(readlinkat(link_fd, "", text, 10), 4);
    int dir = open("c", O_RDONLY);
    CHECK(symlinkat("t", dir, "n") == 0);
    CHECK_EQ(readlinkat(dir, "n", text, 10), 1);
}
