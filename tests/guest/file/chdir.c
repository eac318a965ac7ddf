// The working directory: chdir, fchdir, getcwd and its errors, and what happens when it is removed.
#include "../test.h"

int main(void) {
    char start[4096], here[4096];
    CHECK(getcwd(start, sizeof start));
    CHECK(mkdir("d", 0755) == 0 && mkdir("d/e", 0755) == 0 && symlink("d/e", "l") == 0);
    CHECK(chdir("l") == 0 && getcwd(here, sizeof here));
    puts(here + strlen(start));
    CHECK_EQ(raw(SYS_getcwd, here, sizeof here), strlen(start) + 5);
    CHECK_EQ(raw(SYS_getcwd, here, strlen(start) + 4), -ERANGE);
    CHECK_EQ(raw(SYS_getcwd, 8, sizeof here), -EFAULT);
    CHECK(chdir("..") == 0 && access("e", F_OK) == 0);
    int d = open(".", O_RDONLY), path_d = open("e", O_PATH);
    CHECK(chdir("/") == 0 && getcwd(here, sizeof here) && !strcmp(here, "/"));
    CHECK(chdir("..") == 0 && getcwd(here, sizeof here) && !strcmp(here, "/"));
    CHECK(fchdir(path_d) == 0 && fchdir(d) == 0 && getcwd(here, sizeof here));
    puts(here + strlen(start));
    close(file_with("f", "", 0));
    CHECK_ERRNO(chdir("f"), ENOTDIR);
    CHECK_ERRNO(chdir("none"), ENOENT);
    CHECK_ERRNO(chdir(""), ENOENT);
    CHECK_ERRNO(fchdir(open("f", O_RDONLY)), ENOTDIR);
    CHECK_ERRNO(fchdir(99), EBADF);
    CHECK(rename("../d", "../moved") == 0 && getcwd(here, sizeof here));
    puts(here + strlen(start));
    CHECK(chdir("e") == 0 && rmdir("../e") == 0);
    CHECK(getcwd(here, sizeof here) == NULL && errno == ENOENT);
    CHECK_ERRNO(open("x", O_CREAT | O_WRONLY, 0600), ENOENT);
    CHECK(chdir("..") == 0);
}
