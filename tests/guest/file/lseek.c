// lseek: every whence, before the start, past the end, on what cannot seek; data and holes.
#include "../test.h"

int main(void) {
    int ends[2];
    CHECK(pipe(ends) == 0);
    int fd = file_with("f", "0123456789", 10);
    CHECK_EQ(lseek(fd, -3, SEEK_END), 7);
    CHECK_EQ(lseek(fd, 2, SEEK_CUR), 9);
    CHECK_ERRNO(lseek(fd, -10, SEEK_CUR), EINVAL);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 9);
    CHECK_ERRNO(lseek(fd, -1, SEEK_SET), EINVAL);
    CHECK_ERRNO(lseek(fd, 0, 9), EINVAL);
    CHECK_EQ(lseek(fd, 1L << 40, SEEK_SET), 1L << 40);
    CHECK_ERRNO(lseek(fd, INT64_MAX, SEEK_CUR), EINVAL);
    CHECK_ERRNO(lseek(ends[0], 0, SEEK_CUR), ESPIPE);
    CHECK_ERRNO(lseek(99, 0, SEEK_CUR), EBADF);
    CHECK_ERRNO(pread(ends[0], &(char){0}, 1, 0), ESPIPE);
    CHECK_ERRNO(pwrite(ends[1], "x", 1, 0), ESPIPE);
    CHECK_EQ(lseek(fd, 0, SEEK_DATA), 0);
    CHECK_EQ(lseek(fd, 3, SEEK_DATA), 3);
    CHECK_EQ(lseek(fd, 0, SEEK_HOLE), 10);
    CHECK_ERRNO(lseek(fd, 10, SEEK_DATA), ENXIO);
    CHECK_ERRNO(lseek(fd, 10, SEEK_HOLE), ENXIO);
    CHECK_ERRNO(lseek(fd, 99, SEEK_HOLE), ENXIO);
    puts("ok");
}
