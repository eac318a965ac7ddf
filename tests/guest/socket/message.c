// sendmsg and recvmsg gather and scatter; the name is absent; several messages at once.
#include "../test.h"
#include <sys/socket.h>

int main(void) {
    int pair[2];
    char a[3] = {0}, b[8] = {0};
    CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0);
    struct iovec out[2] = {{"he", 2}, {"llo", 3}}, in[2] = {{a, 2}, {b, 7}};
    struct msghdr sent = {.msg_iov = out, .msg_iovlen = 2}, got = {.msg_iov = in, .msg_iovlen = 2, .msg_name = b, .msg_namelen = 8};
    CHECK_EQ(sendmsg(pair[0], &sent, 0), 5);
    CHECK_EQ(recvmsg(pair[1], &got, 0), 5);
    printf("%s %.3s %u %d\n", a, b, got.msg_namelen, got.msg_flags);
    sent.msg_iovlen = 0;
    CHECK_EQ(sendmsg(pair[0], &sent, 0), 0);
    CHECK_EQ(recvmsg(pair[1], &got, 0), 0);
    sent.msg_iovlen = 1025;
    CHECK_ERRNO(sendmsg(pair[0], &sent, 0), EMSGSIZE);
    struct mmsghdr many[3];
    memset(many, 0, sizeof many);
    for (int i = 0; i < 3; i++) many[i].msg_hdr.msg_iov = &out[i % 2], many[i].msg_hdr.msg_iovlen = 1;
    CHECK_EQ(sendmmsg(pair[0], many, 3, 0), 3);
    printf("%u %u %u\n", many[0].msg_len, many[1].msg_len, many[2].msg_len);
    for (int i = 0; i < 3; i++) many[i].msg_hdr.msg_iov = &in[1], many[i].msg_len = 0;
    CHECK_EQ(recvmmsg(pair[1], many, 3, MSG_DONTWAIT, NULL), 3);
    printf("%u %u %u\n", many[0].msg_len, many[1].msg_len, many[2].msg_len);
    CHECK_ERRNO(recvmmsg(pair[1], many, 3, MSG_DONTWAIT, NULL), EAGAIN);
    CHECK_EQ(raw(SYS_sendmsg, pair[0], 8, 0), -EFAULT);
}
