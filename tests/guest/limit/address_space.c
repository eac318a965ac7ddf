// RLIMIT_AS and RLIMIT_DATA make mmap and brk fail with ENOMEM; the program goes on.
#include "../test.h"
#include <sys/resource.h>

int main(void) {
    struct rlimit old, limit;
    CHECK(getrlimit(RLIMIT_AS, &old) == 0);
    limit = (struct rlimit){256UL << 20, old.rlim_max};
    CHECK(setrlimit(RLIMIT_AS, &limit) == 0);
    CHECK_ERRNO((long)mmap(NULL, 512UL << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), ENOMEM);
    CHECK(malloc(512UL << 20) == NULL);
    char *small = malloc(1 << 20);
    CHECK(small);
    memset(small, 1, 1 << 20);
    CHECK(setrlimit(RLIMIT_AS, &old) == 0);
    CHECK(mmap(NULL, 512UL << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
    puts("ok");
}
