// Code written at run time executes: from a page that is writable and executable at once, from one that
// was made executable afterwards, and again after it is changed.
#include "../test.h"

static const unsigned char template[] = {0xb8, 0, 0, 0, 0, 0xc3};

static void emit(unsigned char *page, int value) {
    memcpy(page, template, sizeof template);
    memcpy(page + 1, &value, 4);
}

static int call(void *page) {
    return ((int (*)(void))page)();
}

int main(void) {
    unsigned char *rwx = mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(rwx != MAP_FAILED);
    for (int i = 0; i < 1000; i++) {
        emit(rwx, i);
        CHECK_EQ(call(rwx), i);
    }
    unsigned char *flipped = (unsigned char *)map_pages(1);
    for (int i = 0; i < 20; i++) {
        CHECK(mprotect(flipped, PAGE, PROT_READ | PROT_WRITE) == 0);
        emit(flipped, 7 * i);
        CHECK(mprotect(flipped, PAGE, PROT_READ | PROT_EXEC) == 0);
        CHECK_EQ(call(flipped), 7 * i);
    }
    puts("ok");
}
