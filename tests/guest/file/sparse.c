// A hole of a gigabyte reads as zeros and costs no blocks.
#include "../test.h"

int main(void) {
    int fd = file_with("f", "start", 5);
    CHECK_EQ(pwrite(fd, "end", 3, 1L << 30), 3);
    struct stat st;
    CHECK(fsync(fd) == 0 && fstat(fd, &st) == 0);
    CHECK_EQ(st.st_size, (1L << 30) + 3);
    CHECK(st.st_blocks < 2048);
    char text[6] = {1, 1, 1, 1, 1, 1};
    CHECK_EQ(pread(fd, text, 6, 1L << 29), 6);
    for (int i = 0; i < 6; i++) CHECK_EQ(text[i], 0);
    CHECK_EQ(lseek(fd, 1L << 20, SEEK_DATA), 1L << 30);
    CHECK(lseek(fd, 0, SEEK_HOLE) <= 1L << 20);
    puts("ok");
}
