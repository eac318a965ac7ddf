// An O_PATH descriptor names a file without opening it: stat works, read does not.
#include "../test.h"

int main(void) {
    close(file_with("f", "abc", 3));
    CHECK(symlink("f", "l") == 0);
    int fd = open("f", O_PATH), link_fd = open("l", O_PATH | O_NOFOLLOW);
    struct stat st;
    char text[64], path[64];
    CHECK(fd >= 0 && link_fd >= 0);
    CHECK_ERRNO(read(fd, text, 1), EBADF);
    CHECK_ERRNO(write(fd, text, 1), EBADF);
    CHECK_ERRNO(lseek(fd, 0, SEEK_SET), EBADF);
    CHECK_ERRNO(ftruncate(fd, 0), EBADF);
    CHECK_ERRNO(fsync(fd), EBADF);
    CHECK_ERRNO(fcntl(fd, F_SETFL, O_NONBLOCK), EBADF);
    CHECK(fstat(fd, &st) == 0 && st.st_size == 3);
    CHECK(fstat(link_fd, &st) == 0 && S_ISLNK(st.st_mode));
    int again = dup(fd);
    CHECK(again >= 0 && fcntl(again, F_GETFD) == 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    int opened = open(path, O_RDONLY);
    CHECK(opened >= 0 && read(opened, text, 3) == 3);
    printf("%.3s\n", text);
    CHECK_ERRNO(openat(fd, "x", O_RDONLY), ENOTDIR);
}
