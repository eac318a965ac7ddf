// build: -mavx
// Upper halves of YMM registers survive the C library's own wrappers, which a rewriter may have changed.
#include "../test.h"

#define SAVE_CHECK(call)                                                                           \
    do {                                                                                           \
        __asm__ volatile("vmovdqu %0, %%ymm8" : : "m"(wanted) : "xmm8");                          \
        call;                                                                                      \
        __asm__ volatile("vmovdqu %%ymm8, %0" : "=m"(got) : : "memory");                          \
        CHECK(memcmp(wanted + 16, got + 16, 16) == 0);                                             \
    } while (0)

int main(void) {
    if (!__builtin_cpu_supports("avx")) {
        puts("ok");
        return 0;
    }
    unsigned char wanted[32], got[32];
    char byte;
    int ends[2], zero = open("/dev/zero", O_RDONLY);
    CHECK(pipe(ends) == 0);
    for (int round = 0; round < 200; round++) {
        memset(wanted, round + 1, 32);
        SAVE_CHECK(getppid());
        SAVE_CHECK((void)!write(ends[1], "x", 1));
        SAVE_CHECK((void)!read(ends[0], &byte, 1));
        SAVE_CHECK((void)!read(zero, &byte, 1));
        SAVE_CHECK(sched_yield());
        SAVE_CHECK(lseek(zero, 0, SEEK_SET));
    }
    puts("ok");
}
