// O_CREAT, O_EXCL, O_TRUNC, O_APPEND, O_DIRECTORY and O_NOFOLLOW; unknown bits are ignored by open.
#include "../test.h"

int main(void) {
    CHECK_ERRNO(open("none", O_RDONLY), ENOENT);
    int fd = open("f", O_WRONLY | O_CREAT | O_EXCL, 0600);
    CHECK(fd >= 0);
    CHECK_ERRNO(open("f", O_CREAT | O_EXCL, 0600), EEXIST);
    CHECK(write(fd, "hello", 5) == 5);
    CHECK_ERRNO(read(fd, &(char){0}, 1), EBADF);
    int append = open("f", O_WRONLY | O_APPEND);
    CHECK_EQ(lseek(append, 0, SEEK_SET), 0);
    CHECK(write(append, "!", 1) == 1);
    CHECK_EQ(lseek(append, 0, SEEK_CUR), 6);
    CHECK_EQ(pwrite(append, "?", 1, 0), 1);
    char text[10] = {0};
    int reader = open("f", O_RDONLY | 0x40000000);
    CHECK(read(reader, text, 9) == 7);
    puts(text);
    CHECK_ERRNO(write(reader, "x", 1), EBADF);
    CHECK(open("f", O_RDONLY | O_TRUNC) >= 0);
    CHECK_EQ(lseek(reader, 0, SEEK_END), 0);
    CHECK(mkdir("d", 0755) == 0 && symlink("f", "l") == 0 && symlink("none", "dangling") == 0);
    CHECK_ERRNO(open("f", O_DIRECTORY), ENOTDIR);
    CHECK(open("d", O_DIRECTORY) >= 0);
    CHECK_ERRNO(open("d", O_WRONLY), EISDIR);
    CHECK_ERRNO(open("d", O_RDWR), EISDIR);
    CHECK_ERRNO(open("d", O_RDONLY | O_CREAT, 0600), EISDIR);
    CHECK_ERRNO(open("new/", O_RDWR | O_CREAT, 0600), EISDIR);
    CHECK_ERRNO(open("l", O_NOFOLLOW), ELOOP);
    CHECK_ERRNO(open("l", O_CREAT | O_EXCL, 0600), EEXIST);
    CHECK_ERRNO(open("dangling", O_CREAT | O_EXCL, 0600), EEXIST);
    CHECK(open("dangling", O_RDWR | O_CREAT, 0600) >= 0);
    CHECK(access("none", F_OK) == 0);
}
