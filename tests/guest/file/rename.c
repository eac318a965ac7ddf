// rename replaces files and empty directories atomically and refuses the rest.
#include "../test.h"

static void put(const char *name) {
    close(file_with(name, name, strlen(name)));
}

static void show(const char *name) {
    char text[20] = {0};
    int fd = open(name, O_RDONLY);
    CHECK(fd >= 0 && read(fd, text, 19) >= 0);
    printf("%s holds %s\n", name, text);
    close(fd);
}

int main(void) {
    put("a");
    put("b");
    int old = open("b", O_RDONLY);
    CHECK(rename("a", "b") == 0);
    show("b");
    char byte;
    CHECK(read(old, &byte, 1) == 1 && byte == 'b');
    CHECK_ERRNO(open("a", O_RDONLY), ENOENT);
    CHECK(rename("b", "b") == 0);
    CHECK(mkdir("d", 0755) == 0 && mkdir("e", 0755) == 0 && mkdir("d/sub", 0755) == 0);
    CHECK_ERRNO(rename("d", "d/sub/x"), EINVAL);
    CHECK_ERRNO(rename("d", "d/x"), EINVAL);
    CHECK_ERRNO(rename("e", "d"), ENOTEMPTY);
    CHECK_ERRNO(rename("b", "e"), EISDIR);
    CHECK_ERRNO(rename("e", "b"), ENOTDIR);
    CHECK_ERRNO(rename("none", "x"), ENOENT);
    CHECK_ERRNO(rename("b", "none/x"), ENOENT);
    CHECK_ERRNO(rename("b", "x/"), ENOTDIR);
    CHECK_ERRNO(rename("d/sub", "d"), ENOTEMPTY);
    CHECK_ERRNO(rename("d/.", "x"), EBUSY);
    CHECK(rename("d", "e") == 0);
    CHECK(access("e/sub", F_OK) == 0);
    CHECK(link("b", "hard") == 0 && rename("b", "hard") == 0);
    CHECK(access("b", F_OK) == 0);
    CHECK(symlink("b", "l") == 0 && rename("l", "m") == 0);
    struct stat st;
    CHECK(lstat("m", &st) == 0 && S_ISLNK(st.st_mode));
    put("c");
    CHECK(rename("m", "c") == 0 && rename("e/sub", "e/other") == 0);
    show("c");
}
