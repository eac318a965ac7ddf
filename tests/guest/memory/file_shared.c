// Shared mappings of a file agree with each other and with read and write, in both directions.
#include "../test.h"

int main(void) {
    char bytes[2 * PAGE] = {0};
    int fd = file_with("f", bytes, sizeof bytes);
    char *a = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    char *b = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, PAGE);
    CHECK(a != MAP_FAILED && b != MAP_FAILED);
    a[PAGE + 3] = 'm';
    CHECK_EQ(b[3], 'm');
    CHECK(pwrite(fd, "w", 1, PAGE + 4) == 1);
    CHECK_EQ(a[PAGE + 4], 'w');
    b[5] = 'n';
    char got[3];
    CHECK(pread(fd, got, 3, PAGE + 3) == 3);
    printf("%.3s\n", got);
    CHECK(msync(a, 2 * PAGE, MS_SYNC) == 0);
    CHECK(msync(a, PAGE, MS_ASYNC) == 0);
    CHECK_ERRNO(msync(a + 1, PAGE, MS_SYNC), EINVAL);
    CHECK_ERRNO(msync(a, PAGE, MS_SYNC | MS_ASYNC), EINVAL);
    CHECK_ERRNO(msync(a, PAGE, 64), EINVAL);
    CHECK_ERRNO(msync(hole(1), PAGE, MS_SYNC), ENOMEM);
    CHECK(munmap(a, 2 * PAGE) == 0);
    CHECK(munmap(b, PAGE) == 0);
    CHECK(pread(fd, got, 3, PAGE + 3) == 3);
    printf("%.3s\n", got);
}
