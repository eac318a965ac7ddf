// The fsync family on files, directories and what cannot be synchronised.
#include "../test.h"

int main(void) {
    int ends[2];
    CHECK(pipe(ends) == 0);
    int fd = file_with("f", "abc", 3);
    CHECK(fsync(fd) == 0 && fdatasync(fd) == 0 && syncfs(fd) == 0);
    CHECK(fsync(open("f", O_RDONLY)) == 0);
    CHECK(fsync(open(".", O_RDONLY)) == 0);
    CHECK_ERRNO(fsync(ends[0]), EINVAL);
    CHECK_ERRNO(fsync(99), EBADF);
    CHECK(sync_file_range(fd, 0, 3, SYNC_FILE_RANGE_WRITE) == 0);
    CHECK_ERRNO(sync_file_range(fd, 0, 3, 0x100), EINVAL);
    CHECK_EQ(posix_fadvise(fd, 0, 0, POSIX_FADV_WILLNEED), 0);
    CHECK_EQ(posix_fadvise(fd, 0, 0, 99), EINVAL);
    CHECK_EQ(posix_fadvise(ends[0], 0, 0, POSIX_FADV_NORMAL), ESPIPE);
    CHECK(readahead(fd, 0, 3) == 0);
    puts("ok");
}
