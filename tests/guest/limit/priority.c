// getpriority and setpriority: the nice value, read back, lowered, bounded.
#include "../test.h"
#include <sys/resource.h>

int main(void) {
    errno = 0;
    int start = getpriority(PRIO_PROCESS, 0);
    CHECK(errno == 0);
    CHECK_EQ(raw(SYS_getpriority, PRIO_PROCESS, 0), 20 - start);
    CHECK(setpriority(PRIO_PROCESS, 0, 19) == 0);
    CHECK_EQ(getpriority(PRIO_PROCESS, 0), 19);
    CHECK(setpriority(PRIO_PROCESS, 0, 100) == 0);
    CHECK_EQ(getpriority(PRIO_PROCESS, getpid()), 19);
    CHECK_ERRNO(getpriority(99, 0), EINVAL);
    CHECK_ERRNO(setpriority(PRIO_PROCESS, 0x7ffffff0, 1), ESRCH);
    puts("ok");
}
