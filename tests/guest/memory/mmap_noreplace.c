// MAP_FIXED_NOREPLACE is a demand, not a hint: EEXIST on any overlap, the exact address otherwise.
#include "../test.h"

int main(void) {
    char *p = map_pages(3);
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
    memset(p, 'x', 3 * PAGE);
    CHECK_ERRNO((long)mmap(p + PAGE, PAGE, PROT_READ, flags, -1, 0), EEXIST);
    CHECK_ERRNO((long)mmap(p + 2 * PAGE, 1 << 20, PROT_READ, flags, -1, 0), EEXIST);
    CHECK_EQ(p[PAGE], 'x');
    CHECK(munmap(p + PAGE, PAGE) == 0);
    CHECK_ERRNO((long)mmap(p, 3 * PAGE, PROT_READ, flags, -1, 0), EEXIST);
    CHECK(mmap(p + PAGE, PAGE, PROT_READ | PROT_WRITE, flags, -1, 0) == p + PAGE);
    CHECK_EQ(p[PAGE], 0);
    CHECK_EQ(p[2 * PAGE], 'x');
    puts("ok");
}
