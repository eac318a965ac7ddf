// getentropy, arc4random's source and AT_RANDOM; the address space differs from run to run only inside it.
#include "../test.h"
#include <sys/auxv.h>

int main(void) {
    unsigned char a[64], b[64], *start = (unsigned char *)getauxval(AT_RANDOM);
    CHECK(getentropy(a, 64) == 0 && getentropy(b, 64) == 0 && memcmp(a, b, 64) != 0);
    CHECK_ERRNO(getentropy(a, 257), EIO);
    CHECK(start != NULL);
    int zeros = 0;
    for (int i = 0; i < 16; i++) zeros += start[i] == 0;
    CHECK(zeros < 8);
    uint64_t canary;
    __asm__("mov %%fs:0x28, %0" : "=r"(canary));
    CHECK(canary != 0 && (canary & 0xff) == 0);
    CHECK(memcmp((char *)&canary + 1, start + 1, 7) == 0);
    puts("ok");
}
