// Shared anonymous memory: a duplicate made by mremap of length 0 is the same memory.
#include "../test.h"

int main(void) {
    char *p = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(p != MAP_FAILED);
    for (size_t i = 0; i < 3 * PAGE; i += 256) CHECK_EQ(p[i], 0);
    char *twin = mremap(p, 0, 3 * PAGE, MREMAP_MAYMOVE);
    CHECK(twin != MAP_FAILED);
    twin[2 * PAGE] = 't';
    CHECK_EQ(p[2 * PAGE], 't');
    CHECK(munmap(p, 3 * PAGE) == 0);
    CHECK_EQ(twin[2 * PAGE], 't');
    CHECK(madvise(twin, 3 * PAGE, MADV_DONTNEED) == 0);
    CHECK_EQ(twin[2 * PAGE], 't');
    puts("ok");
}
