// Growing keeps the bytes, reads zeros beyond them, and moves only with MREMAP_MAYMOVE.
#include "../test.h"

int main(void) {
    char *p = map_pages(4);
    memset(p, 'x', PAGE);
    CHECK(munmap(p + PAGE, PAGE) == 0);
    CHECK(mremap(p, PAGE, 2 * PAGE, 0) == p);
    CHECK_EQ(p[PAGE], 0);
    CHECK_EQ(p[PAGE - 1], 'x');
    CHECK_ERRNO((long)mremap(p, 2 * PAGE, 3 * PAGE, 0), ENOMEM);
    char *q = mremap(p, 2 * PAGE, 64 * PAGE, MREMAP_MAYMOVE);
    CHECK(q != MAP_FAILED);
    CHECK(q != p);
    CHECK_EQ(q[PAGE - 1], 'x');
    for (size_t i = PAGE; i < 64 * PAGE; i += 512) CHECK_EQ(q[i], 0);
    unsigned char residency;
    CHECK_ERRNO(mincore(p, PAGE, &residency), ENOMEM);
    q[64 * PAGE - 1] = 1;
    puts("ok");
}
