// 32 MiB are copied page by page as either side writes; a deep stack is copied too.
#include "../test.h"

enum { PAGES = 8192 };

static void fill(unsigned *pages, unsigned seed) {
    for (unsigned i = 0; i < PAGES; i++) pages[i * (PAGE / sizeof *pages) + i % 1000] = seed + i;
}

static void check(unsigned *pages, unsigned seed) {
    for (unsigned i = 0; i < PAGES; i++) CHECK_EQ(pages[i * (PAGE / sizeof *pages) + i % 1000], seed + i);
}

static void run(void) {
    volatile char deep[2 << 20];
    for (size_t i = 0; i < sizeof deep; i += 512) deep[i] = (char)(i / 512);
    unsigned *pages = (unsigned *)map_pages(PAGES);
    fill(pages, 1);
    pid_t child = fork_child();
    if (child == 0) {
        check(pages, 1);
        fill(pages, 100000);
        check(pages, 100000);
        for (size_t i = 0; i < sizeof deep; i += 512) CHECK_EQ(deep[i], (char)(i / 512));
        _exit(0);
    }
    fill(pages, 5000000);
    CHECK_EXITS(child, 0);
    check(pages, 5000000);
}

int main(void) {
    run();
    puts("ok");
}
