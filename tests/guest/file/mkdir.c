// mkdir: modes under the umask, what exists already, trailing slashes, the special bits.
#include "../test.h"

static int mode_of(const char *path) {
    struct stat st;
    CHECK(stat(path, &st) == 0);
    return st.st_mode & 07777;
}

int main(void) {
    umask(027);
    CHECK(mkdir("d", 0777) == 0);
    CHECK(mkdir("s/", 01777) == 0);
    printf("%o %o\n", mode_of("d"), mode_of("s"));
    CHECK_ERRNO(mkdir("d", 0777), EEXIST);
    CHECK_ERRNO(mkdir("none/x", 0777), ENOENT);
    CHECK_ERRNO(mkdir("", 0777), ENOENT);
    close(file_with("f", "", 0));
    CHECK_ERRNO(mkdir("f", 0777), EEXIST);
    CHECK_ERRNO(mkdir("f/x", 0777), ENOTDIR);
    CHECK_ERRNO(mkdir(".", 0777), EEXIST);
    CHECK_ERRNO(mkdir("/", 0777), EEXIST);
    CHECK(symlink("target", "dangling") == 0);
    CHECK_ERRNO(mkdir("dangling", 0777), EEXIST);
    int fd = open("n", O_CREAT | O_WRONLY, 0666);
    CHECK(fd >= 0);
    printf("%o %o\n", mode_of("n"), umask(0));
    CHECK_EQ(umask(07777), 0);
    CHECK_EQ(umask(022), 0777);
}
