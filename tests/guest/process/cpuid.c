// cpuid and xgetbv agree about the vector state, and rdtsc moves on.
#include "../test.h"
#include <cpuid.h>

int main(void) {
    unsigned a, b, c, d;
    CHECK(__get_cpuid(1, &a, &b, &c, &d));
    CHECK(d & (1u << 26));
    if (c & (1u << 27)) {
        unsigned low, high;
        __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
        CHECK((low & 3) == 3);
        if (c & (1u << 28)) CHECK(low & 4);
    }
    uint64_t first = __builtin_ia32_rdtsc();
    for (volatile int i = 0; i < 1000; i++) {
    }
    CHECK(__builtin_ia32_rdtsc() > first);
    puts("ok");
}
