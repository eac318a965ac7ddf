// SCM_RIGHTS hands a descriptor to another process: the same open file under a number of its own.
#include "../test.h"
#include <sys/socket.h>

int main(void) {
    int pair[2], received;
    char byte;
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec vector = {&byte, 1};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    CHECK(close(file_with("f", "0123", 4)) == 0);
    pid_t child = fork_child();
    if (child == 0) {
        int fd = open("f", O_RDONLY);
        CHECK(fd >= 0 && lseek(fd, 2, SEEK_SET) == 2);
        control.header = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof fd), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
        memcpy(CMSG_DATA(&control.header), &fd, sizeof fd);
        byte = 'd';
        CHECK_EQ(sendmsg(pair[1], &message, 0), 1);
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    CHECK_EQ(recvmsg(pair[0], &message, MSG_CMSG_CLOEXEC), 1);
    CHECK_EQ(byte, 'd');
    CHECK_EQ(message.msg_flags & MSG_CTRUNC, 0);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    CHECK(header && header->cmsg_type == SCM_RIGHTS && header->cmsg_len == CMSG_LEN(sizeof received));
    memcpy(&received, CMSG_DATA(header), sizeof received);
    CHECK_EQ(fcntl(received, F_GETFD), FD_CLOEXEC);
    CHECK(read(received, &byte, 1) == 1 && byte == '2');
    puts("ok");
}
