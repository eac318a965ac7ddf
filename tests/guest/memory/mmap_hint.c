// A hint that is free is taken, rounded down to a page; one that is taken gives another address.
#include "../test.h"

int main(void) {
    char *free_range = hole(4);
    int flags = MAP_PRIVATE | MAP_ANONYMOUS;
    CHECK(mmap(free_range + 100, PAGE, PROT_READ, flags, -1, 0) == free_range);
    char *other = mmap(free_range, PAGE, PROT_READ, flags, -1, 0);
    CHECK(other != MAP_FAILED);
    CHECK(other != free_range);
    CHECK(mmap((void *)-PAGE, PAGE, PROT_READ, flags, -1, 0) != MAP_FAILED);
    char *low = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, flags | MAP_32BIT, -1, 0);
    CHECK(low != MAP_FAILED);
    CHECK((uintptr_t)low < (1UL << 31));
    low[0] = 1;
    puts("ok");
}
