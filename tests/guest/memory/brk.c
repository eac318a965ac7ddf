// brk returns the current break always: the new one on success, the old one when it refuses.
#include "../test.h"

int main(void) {
    long start = raw(SYS_brk, 0);
    CHECK_EQ(raw(SYS_brk, 1), start);
    CHECK_EQ(raw(SYS_brk, -1L), start);
    CHECK_EQ(raw(SYS_brk, 1L << 46), start);
    CHECK_EQ(raw(SYS_brk, start + 3 * PAGE + 5), start + 3 * PAGE + 5);
    char *p = (char *)start;
    p[3 * PAGE] = 'x';
    CHECK_EQ(raw(SYS_brk, start + PAGE), start + PAGE);
    CHECK_EQ(raw(SYS_brk, start + 4 * PAGE), start + 4 * PAGE);
    CHECK_EQ(p[3 * PAGE], 0);
    CHECK_EQ(raw(SYS_brk, start), start);
    CHECK_EQ(raw(SYS_brk, 0), start);
    void *old = sbrk(100);
    CHECK(sbrk(0) == (char *)old + 100);
    puts("ok");
}
