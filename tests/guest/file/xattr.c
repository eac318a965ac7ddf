// Without attributes: ENODATA or an empty list, and the errors of bad names, flags and descriptors.
#include "../test.h"
#include <sys/xattr.h>

int main(void) {
    char value[16];
    int fd = file_with("f", "x", 1);
    ssize_t got = getxattr("f", "user.none", value, sizeof value);
    CHECK(got == -1 && (errno == ENODATA || errno == ENOTSUP));
    got = listxattr("f", NULL, 0);
    CHECK(got >= 0 || errno == ENOTSUP);
    CHECK_ERRNO(getxattr("none", "user.x", value, 1), ENOENT);
    CHECK_ERRNO(fgetxattr(99, "user.x", value, 1), EBADF);
    CHECK_ERRNO(flistxattr(99, NULL, 0), EBADF);
    CHECK(fgetxattr(fd, "nonsense.x", value, 1) == -1 && errno == ENOTSUP);
    CHECK(close(fd) == 0);
    puts("ok");
}
