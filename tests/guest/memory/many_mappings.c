// A thousand small mappings come and go; what is left is what was kept, with its contents.
#include "../test.h"

int main(void) {
    char *kept[1000];
    for (int i = 0; i < 1000; i++) {
        kept[i] = mmap(NULL, PAGE, i % 2 ? PROT_READ | PROT_WRITE : PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        CHECK(kept[i] != MAP_FAILED);
        kept[i][0] = (char)i;
    }
    for (int i = 0; i < 1000; i += 3) CHECK(munmap(kept[i], PAGE) == 0);
    for (int i = 0; i < 1000; i++)
        if (i % 3) CHECK_EQ(kept[i][0], (char)i);
    for (int round = 0; round < 2000; round++) {
        char *p = map_pages(16);
        p[5 * PAGE] = 1;
        CHECK(munmap(p, 16 * PAGE) == 0);
    }
    puts("ok");
}
