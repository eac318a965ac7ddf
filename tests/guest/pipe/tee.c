// tee copies what the other pipe has room for and leaves it where it was.
#include "../test.h"

static char block[100000];

int main(void) {
    int a[2], b[2];
    CHECK(pipe(a) == 0 && pipe(b) == 0);
    CHECK_ERRNO(tee(a[0], b[1], 10, SPLICE_F_NONBLOCK), EAGAIN);
    CHECK_EQ(write(a[1], "0123456789", 10), 10);
    CHECK_EQ(tee(a[0], b[1], 4, 0), 4);
    CHECK_EQ(tee(a[0], b[1], 100, 0), 10);
    CHECK_EQ(read(b[0], block, 100), 14);
    printf("%.14s\n", block);
    CHECK_EQ(read(a[0], block, 100), 10);
    printf("%.10s\n", block);
    CHECK_ERRNO(tee(a[0], a[1], 1, 0), EINVAL);
    CHECK_ERRNO(tee(a[1], b[1], 1, 0), EBADF);
    CHECK_ERRNO(tee(a[0], b[0], 1, 0), EBADF);
    int file = file_with("f", "x", 1);
    CHECK_ERRNO(tee(file, b[1], 1, 0), EINVAL);
    CHECK_ERRNO(tee(a[0], b[1], 1, 0x10), EINVAL);
    CHECK_EQ(tee(a[0], b[1], 0, 0), 0);
    close(a[1]);
    CHECK_EQ(tee(a[0], b[1], 1, 0), 0);
}
