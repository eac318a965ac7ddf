// vmsplice puts memory into a pipe, as much as fits, and takes it out again.
#include "../test.h"

static char block[200000], got[200000];

int main(void) {
    int ends[2];
    CHECK(pipe(ends) == 0);
    for (size_t i = 0; i < sizeof block; i++) block[i] = i * 13;
    struct iovec two[2] = {{block, 5000}, {block + 5000, 100}};
    CHECK_EQ(vmsplice(ends[1], two, 2, SPLICE_F_GIFT), 5100);
    CHECK_EQ(read(ends[0], got, sizeof got), 5100);
    CHECK_EQ(memcmp(got, block, 5100), 0);
    struct iovec large = {block, sizeof block};
    ssize_t moved = vmsplice(ends[1], &large, 1, SPLICE_F_NONBLOCK);
    CHECK(moved >= 61440 && moved <= 65536);
    struct iovec back[2] = {{got, 1000}, {got + 1000, 2000}};
    CHECK_EQ(vmsplice(ends[0], back, 2, 0), 3000);
    CHECK_EQ(memcmp(got, block, 3000), 0);
    CHECK_EQ(read(ends[0], got, sizeof got), moved - 3000);
    CHECK_EQ(memcmp(got, block + 3000, moved - 3000), 0);
    CHECK_ERRNO(vmsplice(ends[0], back, 2, SPLICE_F_NONBLOCK), EAGAIN);
    CHECK_EQ(vmsplice(ends[1], two, 0, 0), 0);
    CHECK_ERRNO(vmsplice(ends[1], two, 1025, 0), EINVAL);
    CHECK_ERRNO(vmsplice(ends[1], two, 1, 0x10), EINVAL);
    CHECK_ERRNO(vmsplice(0, two, 1, 0), EBADF);
    CHECK_ERRNO(vmsplice(file_with("f", "x", 1), two, 1, 0), EBADF);
    struct iovec bad = {hole(1), 10};
    CHECK_ERRNO(vmsplice(ends[1], &bad, 1, 0), EFAULT);
    signal(SIGPIPE, SIG_IGN);
    close(ends[0]);
    CHECK_ERRNO(vmsplice(ends[1], two, 1, 0), EPIPE);
    puts("ok");
}
