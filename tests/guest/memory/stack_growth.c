// The main stack grows on demand to most of its limit, one page at a time and by a far jump.
#include "../test.h"

static volatile char sink;

static __attribute__((noinline)) int deep(int levels) {
    volatile char frame[16384];
    frame[0] = (char)levels;
    frame[sizeof frame - 1] = 1;
    if (levels == 0) return 0;
    int below = deep(levels - 1);
    return below + frame[sizeof frame - 1];
}

static __attribute__((noinline)) void far(void) {
    volatile char frame[4 << 20];
    frame[0] = 1;
    sink = frame[0];
}

int main(void) {
    far();
    printf("%d\n", deep(400));
}
