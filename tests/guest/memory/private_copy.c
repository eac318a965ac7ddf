// A private mapping of a file in memory shows what is written to the file until its own page is stored to; the
// stores are nobody else's. DONTNEED drops them, mremap takes them along.
#include "../test.h"

int main(void) {
    int fd = open("m", O_CREAT | O_RDWR, 0600);
    CHECK(ftruncate(fd, 4 * PAGE) == 0);
    char *p = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    CHECK(p != MAP_FAILED);
    CHECK(pwrite(fd, "one", 3, 0) == 3 && pwrite(fd, "two", 3, PAGE) == 3);
    CHECK(memcmp(p, "one", 3) == 0 && memcmp(p + PAGE, "two", 3) == 0);
    memcpy(p, "own", 3);
    CHECK(pwrite(fd, "ONE", 3, 0) == 3 && pwrite(fd, "TWO", 3, PAGE) == 3);
    CHECK(memcmp(p, "own", 3) == 0 && memcmp(p + PAGE, "TWO", 3) == 0);
    char got[3];
    CHECK(pread(fd, got, 3, 0) == 3 && memcmp(got, "ONE", 3) == 0);

    char *to = hole(4);
    p = mremap(p, 4 * PAGE, 4 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to);
    CHECK(p == to);
    CHECK(memcmp(p, "own", 3) == 0 && memcmp(p + PAGE, "TWO", 3) == 0);
    CHECK(pwrite(fd, "2", 1, PAGE) == 1);
    CHECK_EQ(p[PAGE], '2');

    CHECK(madvise(p, PAGE, MADV_DONTNEED) == 0);
    CHECK(memcmp(p, "ONE", 3) == 0);

    char *shared = mmap(NULL, 4 * PAGE, PROT_READ, MAP_SHARED, fd, 0);
    CHECK(shared != MAP_FAILED);
    CHECK(memcmp(shared, "ONE", 3) == 0);
    CHECK(mprotect(shared, PAGE, PROT_READ | PROT_WRITE) == 0);
    shared[0] = '1';
    CHECK_EQ(p[0], '1');
    int reader = open("m", O_RDONLY);
    CHECK(reader >= 0);
    char *only = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, reader, 0);
    CHECK(only != MAP_FAILED);
    CHECK_ERRNO(mprotect(only, PAGE, PROT_READ | PROT_WRITE), EACCES);
    shared[1] = '!';
    CHECK_EQ(only[1], '!');
    puts("ok");
}
