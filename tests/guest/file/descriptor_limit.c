// EMFILE at the soft limit of open files; the lowest number again after a close.
#include "../test.h"
#include <sys/resource.h>

int main(void) {
    struct rlimit limit = {20, 20};
    CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    limit.rlim_cur = 20;
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    int last = -1, fd;
    while ((fd = open("/dev/null", O_RDONLY)) >= 0) last = fd;
    CHECK_EQ(errno, EMFILE);
    CHECK_EQ(last, 19);
    CHECK_ERRNO(dup(0), EMFILE);
    CHECK_ERRNO(pipe((int[2]){0}), EMFILE);
    CHECK_ERRNO(fcntl(0, F_DUPFD, 20), EINVAL);
    CHECK_ERRNO(dup2(0, 20), EBADF);
    CHECK(close(7) == 0);
    CHECK_EQ(open("/dev/null", O_RDONLY), 7);
    CHECK(close(7) == 0 && close(9) == 0);
    int ends[2];
    CHECK(pipe(ends) == 0);
    printf("%d %d\n", ends[0], ends[1]);
}
