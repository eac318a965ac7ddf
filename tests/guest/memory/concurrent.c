// Threads that map, touch, move and unmap at the same time each see only their own pages.
#include "../test.h"

static void *body(void *argument) {
    char fill = (char)(long)argument;
    for (int i = 0; i < 1000; i++) {
        size_t pages = 1 + (size_t)i % 7;
        char *p = map_pages(pages);
        for (size_t j = 0; j < pages; j++) {
            CHECK_EQ(p[j * PAGE], 0);
            p[j * PAGE] = fill;
        }
        if (i % 5 == 0) {
            p = mremap(p, pages * PAGE, (pages + 3) * PAGE, MREMAP_MAYMOVE);
            CHECK(p != MAP_FAILED);
            pages += 3;
        }
        if (i % 3 == 0) CHECK(mprotect(p, PAGE, PROT_READ) == 0);
        CHECK_EQ(p[0], fill);
        CHECK(munmap(p, pages * PAGE) == 0);
    }
    return NULL;
}

int main(void) {
    pthread_t threads[4];
    for (long i = 0; i < 4; i++) threads[i] = spawn(body, (void *)(i + 1));
    for (long i = 0; i < 4; i++) join(threads[i]);
    puts("ok");
}
