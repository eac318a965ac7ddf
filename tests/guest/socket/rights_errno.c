// What sendmsg refuses of ancillary data: bad numbers, too many, broken lengths, unknown kinds.
#include "unix.h"

static int pair[2];

static ssize_t send_control(void *control, size_t length) {
    struct iovec vector = {"x", 1};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = control, .msg_controllen = length};
    return sendmsg(pair[0], &message, MSG_DONTWAIT);
}

int main(void) {
    int fds[300], got[300];
    char text[8];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    for (int i = 0; i < 300; i++) fds[i] = 0;
    CHECK_ERRNO(send_fds(pair[0], "x", (int[]){99}, 1), EBADF);
    CHECK_ERRNO(send_fds(pair[0], "x", (int[]){0, -1}, 2), EBADF);
    CHECK_ERRNO(send_fds(pair[0], "x", fds, 254), EINVAL);
    CHECK_EQ(send_fds(pair[0], "x", fds, 253), 1);
    CHECK_EQ(receive_fds(pair[1], text, sizeof text, got, 300, 0, NULL), 253);
    for (int i = 0; i < 253; i++) CHECK(close(got[i]) == 0);
    CHECK_EQ(send_fds(pair[0], "x", fds, 0), 1);
    CHECK_EQ(receive_fds(pair[1], text, sizeof text, got, 300, 0, NULL), 0);
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(8 * sizeof(int))];
    } control;
    memset(&control, 0, sizeof control);
    control.header = (struct cmsghdr){CMSG_LEN(4) - 16, SOL_SOCKET, SCM_RIGHTS};
    CHECK_ERRNO(send_control(&control, sizeof control), EINVAL);
    control.header.cmsg_len = sizeof control + 1;
    CHECK_ERRNO(send_control(&control, sizeof control), EINVAL);
    control.header = (struct cmsghdr){CMSG_LEN(4), SOL_SOCKET, 77};
    CHECK_ERRNO(send_control(&control, sizeof control), EINVAL);
    control.header = (struct cmsghdr){CMSG_LEN(4), SOL_SOCKET, SCM_CREDENTIALS};
    CHECK_ERRNO(send_control(&control, sizeof control), EINVAL);
    // What is another level's is not looked at, and less than a header is nothing.
    control.header = (struct cmsghdr){CMSG_LEN(4), 41, 77};
    CHECK_EQ(send_control(&control, CMSG_SPACE(4)), 1);
    CHECK_EQ(send_control(&control, 8), 1);
    CHECK_ERRNO(send_control((void *)8, 32), EFAULT);
    CHECK_ERRNO(send_control(&control, 1 << 24), ENOBUFS);
    CHECK_TEXT(pair[1], "xx");
    // Two parts are taken together.
    union {
        struct cmsghdr header;
        char space[2 * CMSG_SPACE(sizeof(int))];
    } two;
    memset(&two, 0, sizeof two);
    for (int i = 0; i < 2; i++) {
        struct cmsghdr *header = (struct cmsghdr *)(two.space + i * CMSG_SPACE(sizeof(int)));
        *header = (struct cmsghdr){CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
        memcpy(CMSG_DATA(header), &fds[i], sizeof(int));
    }
    CHECK_EQ(send_control(&two, sizeof two), 1);
    CHECK_EQ(receive_fds(pair[1], text, sizeof text, got, 300, 0, NULL), 2);
    CHECK(got[0] != got[1]);
    // Nothing sent in a stream carries nothing.
    CHECK_EQ(send_fds(pair[0], "", fds, 1), 0);
    CHECK_ERRNO(recv(pair[1], text, 1, MSG_DONTWAIT), EAGAIN);
}
