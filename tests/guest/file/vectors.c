// readv, writev, preadv and pwritev fill each buffer in order; the limits of the vector.
#include "../test.h"

int main(void) {
    char a[4] = {0}, b[5] = {0}, c[4] = {0};
    int fd = file_with("f", "", 0);
    struct iovec out[3] = {{"abc", 3}, {"", 0}, {"defg", 4}}, in[3] = {{a, 3}, {b, 2}, {c, 3}};
    CHECK_EQ(writev(fd, out, 3), 7);
    CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
    CHECK_EQ(readv(fd, in, 3), 7);
    printf("%s|%s|%s\n", a, b, c);
    CHECK_EQ(pwritev(fd, out, 1, 10), 3);
    CHECK_EQ(preadv(fd, in, 2, 9), 4);
    CHECK_EQ(a[0], 0);
    CHECK_EQ(a[1], 'a');
    CHECK_EQ(readv(fd, in, 0), 0);
    CHECK_ERRNO(readv(fd, in, -1), EINVAL);
    static struct iovec many[1025];
    CHECK_EQ(readv(fd, many, 1024), 0);
    CHECK_ERRNO(readv(fd, many, 1025), EINVAL);
    CHECK_ERRNO(writev(fd, many, 1025), EINVAL);
    struct iovec huge[2] = {{a, SSIZE_MAX}, {b, SSIZE_MAX}};
    CHECK_ERRNO(readv(fd, huge, 2), EFAULT);
    struct iovec negative = {a, (size_t)-1};
    CHECK_ERRNO(readv(fd, &negative, 1), EINVAL);
    CHECK_EQ(raw(SYS_readv, fd, 8, 1), -EFAULT);
    CHECK_ERRNO(preadv(fd, in, 1, -1), EINVAL);
    CHECK_EQ(preadv2(fd, in, 1, 0, 0), 3);
    CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
    CHECK_EQ(preadv2(fd, in, 1, -1, 0), 3);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 3);
    CHECK_ERRNO(preadv2(fd, in, 1, 0, 0x10000), EOPNOTSUPP);
    CHECK_EQ(pwritev2(fd, out, 1, 0, RWF_APPEND), 3);
    CHECK_EQ(lseek(fd, 0, SEEK_END), 16);
}
