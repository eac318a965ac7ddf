// The standard devices: null, zero, full, random and urandom.
#include "../test.h"

int main(void) {
    char text[64], again[64];
    int null = open("/dev/null", O_RDWR), zero = open("/dev/zero", O_RDWR), full = open("/dev/full", O_RDWR);
    CHECK(null >= 0 && zero >= 0 && full >= 0);
    CHECK_EQ(read(null, text, 64), 0);
    CHECK_EQ(write(null, text, 64), 64);
    memset(text, 1, 64);
    CHECK_EQ(read(zero, text, 64), 64);
    for (int i = 0; i < 64; i++) CHECK_EQ(text[i], 0);
    CHECK_EQ(write(zero, text, 64), 64);
    memset(text, 1, 64);
    CHECK_EQ(read(full, text, 64), 64);
    CHECK_EQ(text[63], 0);
    CHECK_ERRNO(write(full, text, 1), ENOSPC);
    const char *names[] = {"/dev/random", "/dev/urandom"};
    for (int i = 0; i < 2; i++) {
        int fd = open(names[i], O_RDWR);
        CHECK(fd >= 0 && read(fd, text, 64) == 64 && read(fd, again, 64) == 64);
        CHECK(memcmp(text, again, 64) != 0);
        CHECK(write(fd, text, 8) == 8);
    }
    CHECK_EQ(lseek(null, 10, SEEK_SET), 0);
    CHECK(open("/dev/null", O_WRONLY | O_TRUNC | O_CREAT, 0666) >= 0);
    char *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, zero, 0);
    CHECK(p != MAP_FAILED && p[9] == 0 && (p[9] = 1));
    CHECK_ERRNO((long)mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, null, 0), ENODEV);
    puts("ok");
}
