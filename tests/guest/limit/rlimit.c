// All sixteen limits can be read, the soft one lowered and raised again; unknown ones are EINVAL.
#include "../test.h"
#include <sys/resource.h>

int main(void) {
    struct rlimit limit, old;
    for (int i = 0; i < 16; i++) {
        CHECK(getrlimit(i, &limit) == 0);
        CHECK(limit.rlim_cur <= limit.rlim_max);
    }
    CHECK_ERRNO(getrlimit(16, &limit), EINVAL);
    CHECK_ERRNO(getrlimit(-1, &limit), EINVAL);
    CHECK_ERRNO(setrlimit(16, &limit), EINVAL);
    CHECK(getrlimit(RLIMIT_CORE, &old) == 0);
    limit = (struct rlimit){0, old.rlim_max};
    CHECK(setrlimit(RLIMIT_CORE, &limit) == 0 && getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur == 0);
    limit = (struct rlimit){10, 5};
    CHECK_ERRNO(setrlimit(RLIMIT_FSIZE, &limit), EINVAL);
    CHECK(getrlimit(RLIMIT_SIGPENDING, &limit) == 0 && limit.rlim_cur > 0);
    CHECK(getrlimit(RLIMIT_STACK, &limit) == 0);
    printf("%ld\n", (long)limit.rlim_cur);
    CHECK_EQ(raw(SYS_getrlimit, RLIMIT_STACK, 8), -EFAULT);
    CHECK_EQ(raw(SYS_setrlimit, RLIMIT_STACK, 8), -EFAULT);
}
