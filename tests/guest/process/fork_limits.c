// Limits and the nice value are inherited, and change in one process alone.
#include "../test.h"
#include <sys/resource.h>

int main(void) {
    struct rlimit limit, wanted = {111, 222};
    CHECK(setrlimit(RLIMIT_NOFILE, &wanted) == 0);
    errno = 0;
    int start = getpriority(PRIO_PROCESS, 0);
    CHECK(errno == 0 && setpriority(PRIO_PROCESS, 0, start < 15 ? start + 3 : 18) == 0);
    int nice_value = getpriority(PRIO_PROCESS, 0);
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
        CHECK(limit.rlim_cur == 111 && limit.rlim_max == 222);
        CHECK_EQ(getpriority(PRIO_PROCESS, 0), nice_value);
        CHECK(setrlimit(RLIMIT_NOFILE, &(struct rlimit){50, 60}) == 0 && setpriority(PRIO_PROCESS, 0, 19) == 0);
        CHECK_EQ(getpriority(PRIO_PROCESS, 0), 19);
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    CHECK(limit.rlim_cur == 111 && limit.rlim_max == 222);
    CHECK_EQ(getpriority(PRIO_PROCESS, 0), nice_value);
    puts("ok");
}
