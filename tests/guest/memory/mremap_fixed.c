// MREMAP_FIXED moves to the address asked for and replaces what is there; DONTUNMAP leaves zeros behind.
#include "../test.h"

int main(void) {
    char *from = map_pages(2), *to = map_pages(4);
    memset(from, 'f', 2 * PAGE);
    memset(to, 't', 4 * PAGE);
    CHECK(mremap(from, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to + PAGE) == to + PAGE);
    printf("%c%c%c%c\n", to[0], to[PAGE], to[2 * PAGE], to[3 * PAGE]);
    unsigned char residency;
    CHECK_ERRNO(mincore(from, PAGE, &residency), ENOMEM);
    CHECK_ERRNO((long)mremap(to, PAGE, PAGE, MREMAP_FIXED, hole(1)), EINVAL);
    CHECK_ERRNO((long)mremap(to, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to + PAGE), EINVAL);
    CHECK_ERRNO((long)mremap(to, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to + PAGE + 1), EINVAL);
    char *copy = (char *)raw(SYS_mremap, to, PAGE, PAGE, MREMAP_MAYMOVE | 4 /* MREMAP_DONTUNMAP */, 0);
    CHECK((long)copy > 0 && copy != to);
    CHECK_EQ(copy[0], 't');
    CHECK_EQ(to[0], 0);
}
