// A read or write whose buffer runs into an unmapped page moves what fits.
#include "../test.h"

int main(void) {
    static char bytes[8192];
    memset(bytes, 'b', sizeof bytes);
    int fd = file_with("f", bytes, sizeof bytes), out = file_with("g", "", 0);
    char *p = map_pages(2);
    CHECK(munmap(p + PAGE, PAGE) == 0);
    CHECK_EQ(read(fd, p, 8192), 4096);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 4096);
    CHECK_EQ(p[PAGE - 1], 'b');
    CHECK_EQ(write(out, p, 8192), 4096);
    CHECK_EQ(lseek(out, 0, SEEK_END), 4096);
    struct iovec vector[3] = {{p + PAGE - 10, 10}, {p + PAGE, 10}, {p, 10}};
    CHECK_EQ(preadv(fd, vector, 3, 0), 10);
    CHECK_EQ(pwritev(out, vector, 3, 0), 10);
    struct iovec first_bad[2] = {{p + PAGE, 10}, {p, 10}};
    CHECK_ERRNO(preadv(fd, first_bad, 2, 0), EFAULT);
    int zero = open("/dev/zero", O_RDONLY);
    CHECK_EQ(read(zero, p, 8192), 4096);
    CHECK_EQ(p[5], 0);
    puts("ok");
}
