// Anonymous memory reads as zeros, keeps what is written, and starts on a page boundary.
#include "../test.h"

int main(void) {
    for (size_t length = 1; length <= 3 * PAGE; length += PAGE - 1) {
        unsigned char *p = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        CHECK(p != MAP_FAILED);
        CHECK_EQ((uintptr_t)p % PAGE, 0);
        size_t whole = (length + PAGE - 1) / PAGE * PAGE;
        for (size_t i = 0; i < whole; i++) CHECK_EQ(p[i], 0);
        memset(p, 0xa5, whole);
        CHECK_EQ(p[whole - 1], 0xa5);
        CHECK(munmap(p, length) == 0);
    }
    char *big = mmap(NULL, 1UL << 32, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    CHECK(big != MAP_FAILED);
    big[0] = big[(1UL << 32) - 1] = 7;
    CHECK_EQ(big[1UL << 31], 0);
    puts("ok");
}
