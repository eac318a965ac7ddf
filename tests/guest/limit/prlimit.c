// prlimit reads and sets in one call, for the own process by 0 and by number.
#include "../test.h"
#include <sys/resource.h>

int main(void) {
    struct rlimit old, now, lower;
    CHECK(prlimit(0, RLIMIT_NOFILE, NULL, &old) == 0);
    lower = (struct rlimit){50, old.rlim_max};
    CHECK(prlimit(getpid(), RLIMIT_NOFILE, &lower, &now) == 0);
    CHECK_EQ(now.rlim_cur, old.rlim_cur);
    CHECK(prlimit(0, RLIMIT_NOFILE, &old, &now) == 0);
    CHECK_EQ(now.rlim_cur, 50);
    CHECK_ERRNO(prlimit(0x7ffffff0, RLIMIT_NOFILE, NULL, &now), ESRCH);
    CHECK_ERRNO(prlimit(0, 99, NULL, &now), EINVAL);
    lower = (struct rlimit){100, 50};
    CHECK_ERRNO(prlimit(0, RLIMIT_NOFILE, &lower, NULL), EINVAL);
    CHECK(sysconf(_SC_OPEN_MAX) == (long)old.rlim_cur);
    puts("ok");
}
