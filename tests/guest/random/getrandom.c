// getrandom fills the whole buffer, differs each time, and refuses unknown and contradicting flags.
#include "../test.h"
#include <sys/random.h>

int main(void) {
    unsigned char a[256], b[256];
    int seen[256] = {0}, distinct = 0;
    for (int i = 0; i < 20; i++) {
        CHECK_EQ(getrandom(a, 256, 0), 256);
        CHECK_EQ(getrandom(b, 256, GRND_NONBLOCK), 256);
        CHECK(memcmp(a, b, 256) != 0);
        for (int j = 0; j < 256; j++) seen[a[j]]++;
    }
    for (int i = 0; i < 256; i++) distinct += seen[i] > 0;
    CHECK(distinct > 200);
    CHECK_EQ(getrandom(a, 100, GRND_RANDOM), 100);
    CHECK_EQ(getrandom(a, 100, GRND_INSECURE), 100);
    CHECK_ERRNO(getrandom(a, 1, 8), EINVAL);
    CHECK_ERRNO(getrandom(a, 1, GRND_RANDOM | GRND_INSECURE), EINVAL);
    CHECK_EQ(getrandom(a, 0, 0), 0);
    CHECK_EQ(raw(SYS_getrandom, 8, 16, 0), -EFAULT);
    CHECK_EQ(raw(SYS_getrandom, 0x8000000000000000, 16, 0), -EFAULT);
    char *big = malloc(1 << 20);
    CHECK_EQ(getrandom(big, 1 << 20, 0), 1 << 20);
    int zeros = 0;
    for (int i = 0; i < 1 << 20; i++) zeros += big[i] == 0;
    CHECK(zeros > 3000 && zeros < 5500);
    char *edge = map_pages(2);
    CHECK(munmap(edge + PAGE, PAGE) == 0);
    CHECK_EQ(raw(SYS_getrandom, edge + PAGE - 100, 200, 0), 100);
    puts("ok");
}
