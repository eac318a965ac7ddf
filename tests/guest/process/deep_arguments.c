// build: -static
// A bad pointer deep inside an argument: in the vector of a writev, in a message, in a path, in a set.
#include "../test.h"
#include <sys/socket.h>

int main(void) {
    int ends[2], pair[2];
    char *gone = hole(1);
    CHECK(pipe(ends) == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    struct iovec vector[2] = {{"ab", 2}, {gone, 2}};
    long wrote = raw(SYS_writev, ends[1], vector, 2);
    CHECK(wrote == 2 || wrote == -EFAULT);
    struct msghdr message = {.msg_iov = (struct iovec *)gone, .msg_iovlen = 1};
    CHECK_EQ(raw(SYS_sendmsg, pair[0], &message, 0), -EFAULT);
    message = (struct msghdr){.msg_iov = vector, .msg_iovlen = 1, .msg_control = gone, .msg_controllen = 32};
    CHECK_EQ(raw(SYS_sendmsg, pair[0], &message, 0), -EFAULT);
    message = (struct msghdr){.msg_iov = vector, .msg_iovlen = 1, .msg_name = gone, .msg_namelen = 16};
    CHECK_EQ(raw(SYS_sendmsg, pair[0], &message, 0), -EFAULT);
    CHECK_EQ(raw(SYS_symlink, gone, "l"), -EFAULT);
    CHECK_EQ(raw(SYS_symlink, "t", gone), -EFAULT);
    CHECK_EQ(raw(SYS_rename, gone, "l"), -EFAULT);
    CHECK_EQ(raw(SYS_rt_sigtimedwait, gone, NULL, NULL, 8), -EFAULT);
    CHECK_EQ(raw(SYS_poll, gone, 1, 0), -EFAULT);
    CHECK_EQ(raw(SYS_utimensat, AT_FDCWD, ".", gone, 0), -EFAULT);
    CHECK_EQ(raw(SYS_fcntl, ends[0], F_GETLK, gone), -EFAULT);
    CHECK_EQ(raw(SYS_readlink, "/proc/self/exe", gone, 10), -EFAULT);
    puts("ok");
}
