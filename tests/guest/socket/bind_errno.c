// What bind refuses: lengths, families, paths that cannot be made.
#include "unix.h"

static int bind_path(const char *path) {
    int fd = new_socket(SOCK_STREAM);
    int result = bind_to(fd, path);
    int saved_errno = errno;
    CHECK(close(fd) == 0);
    errno = saved_errno;
    return result;
}

int main(void) {
    int fd = new_socket(SOCK_STREAM);
    struct address address = address_of("a");
    struct sockaddr *raw_address = (struct sockaddr *)&address.un;
    CHECK_ERRNO(bind(fd, raw_address, 0), EINVAL);
    CHECK_ERRNO(bind(fd, raw_address, 1), EINVAL);
    CHECK_ERRNO(bind(fd, raw_address, sizeof address.un + 1), EINVAL);
    CHECK_ERRNO(bind(fd, raw_address, 4096), EINVAL);
    CHECK_EQ(raw(SYS_bind, fd, raw_address, -1), -EINVAL);
    CHECK_EQ(raw(SYS_bind, fd, 8, 16), -EFAULT);
    address.un.sun_family = AF_INET;
    CHECK_ERRNO(bind(fd, raw_address, address.length), EINVAL);
    CHECK_ERRNO(bind(99, raw_address, address.length), EBADF);
    int file = file_with("file", "x", 1);
    CHECK_ERRNO(bind(file, raw_address, address.length), ENOTSOCK);
    CHECK_ERRNO(bind_path("file"), EADDRINUSE);
    CHECK_ERRNO(bind_path("."), EADDRINUSE);
    CHECK_ERRNO(bind_path("none/a"), ENOENT);
    CHECK_ERRNO(bind_path("file/a"), ENOTDIR);
    CHECK_ERRNO(bind_path("a/"), ENOENT);
    CHECK(symlink("nowhere", "link") == 0);
    CHECK_ERRNO(bind_path("link"), EADDRINUSE);
    // 108 bytes without a zero are a path, and one longer is told.
    char name[109];
    memset(name, 'n', sizeof name);
    name[108] = 0;
    struct sockaddr_un full = {.sun_family = AF_UNIX};
    memcpy(full.sun_path, name, 108);
    CHECK(bind(fd, (struct sockaddr *)&full, sizeof full) == 0);
    socklen_t length = sizeof full;
    CHECK(getsockname(fd, (struct sockaddr *)&full, &length) == 0);
    printf("%u\n", length);
    CHECK(access(name, F_OK) == 0);
    // The mask applies, and what follows the first zero does not count.
    umask(027);
    address = address_of("short");
    CHECK((fd = new_socket(SOCK_STREAM)) >= 0);
    CHECK(bind(fd, (struct sockaddr *)&address.un, sizeof address.un) == 0);
    show_name("short", fd);
    struct stat status;
    CHECK(stat("short", &status) == 0);
    printf("%o\n", status.st_mode & 07777);
    CHECK_ERRNO(bind_to(fd, "again"), EINVAL);
    CHECK_ERRNO(access("again", F_OK), ENOENT);
    CHECK_ERRNO(bind_to(fd, "file"), EADDRINUSE);
}
