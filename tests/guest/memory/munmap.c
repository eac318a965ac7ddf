// munmap rounds its length up, may span holes, splits mappings, and insists on an aligned start.
#include "../test.h"

static char present(char *p) {
    unsigned char residency;
    return mincore(p, PAGE, &residency) == 0 ? '+' : '-';
}

int main(void) {
    char *p = map_pages(8);
    CHECK(munmap(p + PAGE, 1) == 0);
    CHECK(munmap(p + 3 * PAGE, PAGE + 1) == 0);
    for (int i = 0; i < 8; i++) putchar(present(p + i * PAGE));
    putchar('\n');
    CHECK(munmap(p + PAGE, 4 * PAGE) == 0);
    CHECK(munmap(p + PAGE, PAGE) == 0);
    for (int i = 0; i < 8; i++) putchar(present(p + i * PAGE));
    putchar('\n');
    CHECK_ERRNO(munmap(p + 1, PAGE), EINVAL);
    CHECK_ERRNO(munmap(p, 0), EINVAL);
    CHECK_ERRNO(munmap(p, -1UL), EINVAL);
    CHECK_ERRNO(munmap(p, -PAGE), EINVAL);
    CHECK_ERRNO(munmap((void *)0x7ffffffff000, PAGE), EINVAL);
    CHECK(munmap(p, 8 * PAGE) == 0);
}
