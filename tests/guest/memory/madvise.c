// DONTNEED empties anonymous pages at once; hints succeed; unknown advice is EINVAL; a hole gives ENOMEM
// after every mapped part, also those beyond it, has been treated.
#include "../test.h"

int main(void) {
    char *p = map_pages(4);
    memset(p, 'x', 4 * PAGE);
    CHECK(madvise(p + PAGE, PAGE, MADV_DONTNEED) == 0);
    printf("%d %d %d\n", p[0], p[PAGE], p[2 * PAGE]);
    CHECK(madvise(p, 1, MADV_DONTNEED) == 0);
    CHECK_EQ(p[PAGE - 1], 0);
    int hints[] = {MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED, MADV_DONTFORK, MADV_DOFORK, MADV_DONTDUMP, MADV_DODUMP, MADV_COLD};
    for (size_t i = 0; i < COUNT(hints); i++) CHECK(madvise(p, 4 * PAGE, hints[i]) == 0);
    CHECK(madvise(p, 4 * PAGE, MADV_FREE) == 0);
    CHECK_ERRNO(madvise(p, PAGE, 999), EINVAL);
    CHECK_ERRNO(madvise(p + 1, PAGE, MADV_DONTNEED), EINVAL);
    CHECK(madvise(p, 0, MADV_DONTNEED) == 0);
    memset(p, 'y', 4 * PAGE);
    CHECK(munmap(p + PAGE, PAGE) == 0);
    CHECK_ERRNO(madvise(p, 4 * PAGE, MADV_DONTNEED), ENOMEM);
    printf("%d %d %d\n", p[0], p[2 * PAGE], p[3 * PAGE]);
    CHECK_ERRNO(madvise(p + PAGE, PAGE, MADV_NORMAL), ENOMEM);
}
