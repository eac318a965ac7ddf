// Touched and locked pages are resident; the vector must be writable; the lock family checks its ranges.
#include "../test.h"

int main(void) {
    char *p = map_pages(4);
    unsigned char residency[4];
    memset(p, 1, 4 * PAGE);
    CHECK(mincore(p, 4 * PAGE, residency) == 0);
    for (int i = 0; i < 4; i++) CHECK_EQ(residency[i] & 1, 1);
    CHECK(mincore(p, PAGE + 1, residency) == 0);
    CHECK_ERRNO(mincore(p + 1, PAGE, residency), EINVAL);
    CHECK_ERRNO(mincore(p, PAGE, (unsigned char *)8), EFAULT);
    CHECK(mlock(p, 4 * PAGE) == 0);
    CHECK(mlock(p + 5, 1) == 0);
    CHECK(munlock(p, 4 * PAGE) == 0);
    CHECK(raw(SYS_mlock2, p, PAGE, 1) == 0);
    CHECK_EQ(raw(SYS_mlock2, p, PAGE, 2), -EINVAL);
    CHECK(munmap(p + PAGE, PAGE) == 0);
    CHECK_ERRNO(mlock(p, 3 * PAGE), ENOMEM);
    CHECK_ERRNO(munlock(p + PAGE, PAGE), ENOMEM);
    CHECK_ERRNO(mincore(p, 4 * PAGE, residency), ENOMEM);
    CHECK_ERRNO(mlockall(0), EINVAL);
    CHECK_ERRNO(mlockall(8), EINVAL);
    CHECK(munlockall() == 0);
    puts("ok");
}
