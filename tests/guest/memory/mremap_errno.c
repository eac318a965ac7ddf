// What mremap refuses.
#include "../test.h"

int main(void) {
    char *p = map_pages(2);
    CHECK_ERRNO((long)mremap(p, PAGE, 0, MREMAP_MAYMOVE), EINVAL);
    CHECK_ERRNO((long)mremap(p + 1, PAGE, PAGE, MREMAP_MAYMOVE), EINVAL);
    CHECK_ERRNO((long)mremap(p, PAGE, PAGE, 0x80), EINVAL);
    CHECK_ERRNO((long)mremap(p, 0, PAGE, MREMAP_MAYMOVE), EINVAL);
    CHECK_ERRNO((long)mremap(p, PAGE, -PAGE, MREMAP_MAYMOVE), EINVAL);
    char *gone = hole(1);
    CHECK_ERRNO((long)mremap(gone, PAGE, 2 * PAGE, MREMAP_MAYMOVE), EFAULT);
    char *shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(shared != MAP_FAILED);
    char *twin = mremap(shared, 0, PAGE, MREMAP_MAYMOVE);
    CHECK(twin != MAP_FAILED && twin != shared);
    shared[5] = 'z';
    CHECK_EQ(twin[5], 'z');
    puts("ok");
}
