// Lengths round up: 4097 to 8193 yields three usable pages. Shrinking unmaps the tail.
#include "../test.h"

int main(void) {
    unsigned char residency;
    char *p = map_pages(2);
    p[0] = 'a';
    p[PAGE] = 'b';
    char *q = mremap(p, 4097, 8193, MREMAP_MAYMOVE);
    CHECK(q != MAP_FAILED);
    CHECK_EQ(q[0], 'a');
    CHECK_EQ(q[PAGE], 'b');
    q[3 * PAGE - 1] = 'c';
    CHECK(mremap(q, 3 * PAGE, PAGE + 1, 0) == q);
    CHECK_EQ(q[PAGE], 'b');
    CHECK_ERRNO(mincore(q + 2 * PAGE, PAGE, &residency), ENOMEM);
    CHECK(mremap(q, 2 * PAGE, 2 * PAGE, 0) == q);
    CHECK(mremap(q, 2 * PAGE, 1, 0) == q);
    CHECK_ERRNO(mincore(q + PAGE, PAGE, &residency), ENOMEM);
    CHECK_EQ(q[0], 'a');
    puts("ok");
}
