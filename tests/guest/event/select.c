// select overwrites its sets and its time; what it refuses.
#include "../test.h"
#include <sys/select.h>

int main(void) {
    int ends[2], file = file_with("f", "", 0);
    CHECK(pipe(ends) == 0);
    fd_set reads, writes, errors;
    FD_ZERO(&reads);
    FD_ZERO(&writes);
    FD_ZERO(&errors);
    FD_SET(ends[0], &reads);
    FD_SET(file, &reads);
    FD_SET(ends[1], &writes);
    FD_SET(file, &writes);
    FD_SET(ends[0], &errors);
    struct timeval time = {5, 0};
    CHECK_EQ(select(ends[1] + 1, &reads, &writes, &errors, &time), 3);
    printf("%d %d %d %d %d\n", !!FD_ISSET(ends[0], &reads), !!FD_ISSET(file, &reads), !!FD_ISSET(ends[1], &writes), !!FD_ISSET(file, &writes), !!FD_ISSET(ends[0], &errors));
    CHECK(time.tv_sec == 4 || time.tv_sec == 5);
    FD_ZERO(&reads);
    FD_SET(ends[0], &reads);
    time = (struct timeval){0, 20000};
    CHECK_EQ(select(ends[0] + 1, &reads, NULL, NULL, &time), 0);
    CHECK(!FD_ISSET(ends[0], &reads));
    CHECK(time.tv_sec == 0 && time.tv_usec == 0);
    CHECK(close(ends[1]) == 0);
    FD_SET(ends[0], &reads);
    CHECK_EQ(select(ends[0] + 1, &reads, NULL, NULL, NULL), 1);
    FD_ZERO(&reads);
    FD_SET(50, &reads); // Linux ignores numbers beyond the size of its table, which is at least 64
    CHECK_ERRNO(select(51, &reads, NULL, NULL, NULL), EBADF);
    CHECK_ERRNO(select(-1, NULL, NULL, NULL, NULL), EINVAL);
    CHECK_ERRNO(select(0, NULL, NULL, NULL, &(struct timeval){-1, 0}), EINVAL);
    CHECK_EQ(raw(SYS_select, 5, 8, NULL, NULL, &time), -EFAULT);
}
