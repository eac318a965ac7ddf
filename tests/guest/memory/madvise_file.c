// DONTNEED on a private file page drops the private copy and reads the file again; MADV_FREE is refused.
#include "../test.h"

int main(void) {
    char bytes[2 * PAGE];
    memset(bytes, 'f', sizeof bytes);
    int fd = file_with("f", bytes, sizeof bytes);
    char *p = mmap(NULL, sizeof bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    CHECK(p != MAP_FAILED);
    p[0] = p[PAGE] = 'p';
    CHECK(pwrite(fd, "g", 1, 0) == 1);
    CHECK_EQ(p[0], 'p');
    CHECK(madvise(p, PAGE, MADV_DONTNEED) == 0);
    CHECK_EQ(p[0], 'g');
    CHECK_EQ(p[PAGE], 'p');
    CHECK_ERRNO(madvise(p, PAGE, MADV_FREE), EINVAL);
    CHECK(madvise(p, 2 * PAGE, MADV_WILLNEED) == 0);
    puts("ok");
}
