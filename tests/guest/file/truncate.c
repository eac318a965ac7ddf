// truncate and ftruncate cut and extend with zeros, and refuse what is no file or not writable.
#include "../test.h"

int main(void) {
    int ends[2];
    CHECK(pipe(ends) == 0 && mkdir("d", 0755) == 0);
    int fd = file_with("f", "0123456789", 10), reader = open("f", O_RDONLY);
    char text[12];
    CHECK(ftruncate(fd, 4) == 0);
    CHECK(ftruncate(fd, 12) == 0);
    CHECK_EQ(read(fd, text, 12), 12);
    printf("%.4s", text);
    for (int i = 4; i < 12; i++) CHECK_EQ(text[i], 0);
    CHECK(truncate("f", 2) == 0);
    CHECK_EQ(lseek(fd, 0, SEEK_END), 2);
    CHECK_ERRNO(ftruncate(fd, -1), EINVAL);
    CHECK_ERRNO(ftruncate(reader, 1), EINVAL);
    CHECK_ERRNO(ftruncate(ends[1], 1), EINVAL);
    CHECK_ERRNO(ftruncate(open("d", O_RDONLY), 1), EINVAL);
    CHECK_ERRNO(ftruncate(99, 1), EBADF);
    CHECK_ERRNO(truncate("d", 1), EISDIR);
    CHECK_ERRNO(truncate("none", 1), ENOENT);
    CHECK_ERRNO(truncate("f", -1), EINVAL);
    CHECK(posix_fallocate(fd, 0, 100) == 0);
    CHECK_EQ(lseek(fd, 0, SEEK_END), 100);
    puts("");
}
