// readv and writev work on pipes: gathered in order, scattered in order, one read at most what is there.
#include "../test.h"

int main(void) {
    int ends[2];
    char a[3] = {0}, b[10] = {0};
    CHECK(pipe(ends) == 0);
    struct iovec out[2] = {{"he", 2}, {"llo", 3}}, in[2] = {{a, 2}, {b, 9}};
    CHECK_EQ(writev(ends[1], out, 2), 5);
    CHECK_EQ(readv(ends[0], in, 2), 5);
    printf("%s %s\n", a, b);
    CHECK_ERRNO(preadv(ends[0], in, 1, 0), ESPIPE);
    CHECK_ERRNO(ftruncate(ends[1], 0), EINVAL);
    struct stat st;
    CHECK(fstat(ends[0], &st) == 0 && S_ISFIFO(st.st_mode) && st.st_size == 0);
    char *p = hole(1);
    CHECK_EQ(raw(SYS_write, ends[1], p, 1), -EFAULT);
    CHECK(write(ends[1], "z", 1) == 1);
    CHECK_EQ(raw(SYS_read, ends[0], p, 1), -EFAULT);
    CHECK_EQ(read(ends[0], b, 10), 1);
}
