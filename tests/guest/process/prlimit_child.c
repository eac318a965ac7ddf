// prlimit on a child: read, set, seen by the child; the parent's own limits do not change.
#include "../test.h"
#include <sys/resource.h>

int main(void) {
    struct rlimit own, old, now;
    CHECK(getrlimit(RLIMIT_NOFILE, &own) == 0);
    struct gate gate = new_gate();
    pid_t child = fork_child();
    if (child == 0) {
        pass_gate(gate);
        CHECK(getrlimit(RLIMIT_NOFILE, &now) == 0);
        CHECK(now.rlim_cur == 40 && now.rlim_max == 80);
        CHECK_ERRNO(fcntl(0, F_DUPFD, 40), EINVAL);
        CHECK_EQ(fcntl(0, F_DUPFD, 39), 39);
        _exit(0);
    }
    CHECK(prlimit(child, RLIMIT_NOFILE, &(struct rlimit){40, 80}, &old) == 0);
    CHECK(old.rlim_cur == own.rlim_cur && old.rlim_max == own.rlim_max);
    CHECK(prlimit(child, RLIMIT_NOFILE, NULL, &now) == 0 && now.rlim_cur == 40 && now.rlim_max == 80);
    CHECK(getrlimit(RLIMIT_NOFILE, &now) == 0 && now.rlim_cur == own.rlim_cur);
    CHECK_ERRNO(prlimit(child, RLIMIT_NOFILE, &(struct rlimit){2, 1}, NULL), EINVAL);
    open_gate(gate);
    CHECK_EXITS(child, 0);
    CHECK_ERRNO(prlimit(child, RLIMIT_NOFILE, NULL, &now), ESRCH);
    puts("ok");
}
