// A MAP_GROWSDOWN mapping grows when the page below it is touched.
#include "../test.h"

int main(void) {
    char *p = map_pages(64);
    CHECK(munmap(p, 64 * PAGE) == 0);
    char *top = mmap(p + 60 * PAGE, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_GROWSDOWN, -1, 0);
    CHECK(top == p + 60 * PAGE);
    volatile char *below = top;
    for (int i = 0; i < 8 * (int)PAGE; i += 512) below[-i] = 'g';
    CHECK_EQ(top[0], 'g');
    CHECK_EQ(top[-(int)PAGE * 7], 'g');
    puts("ok");
}
