// Flags that only advise are accepted: POPULATE, LOCKED, NORESERVE, STACK, NONBLOCK, DENYWRITE, EXECUTABLE.
#include "../test.h"

int main(void) {
    int flags[] = {MAP_POPULATE, MAP_NORESERVE, MAP_STACK, MAP_POPULATE | MAP_NONBLOCK, MAP_DENYWRITE, MAP_EXECUTABLE, MAP_LOCKED};
    for (size_t i = 0; i < COUNT(flags); i++) {
        char *p = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags[i], -1, 0);
        CHECK(p != MAP_FAILED);
        CHECK_EQ(p[3 * PAGE], 0);
        p[3 * PAGE] = 1;
        CHECK(munmap(p, 4 * PAGE) == 0);
    }
    int fd = file_with("f", "populate", 8);
    char *p = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    CHECK(p != MAP_FAILED);
    printf("%.8s\n", p);
}
