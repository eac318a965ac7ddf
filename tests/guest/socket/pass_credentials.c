// SCM_CREDENTIALS: told to who asks with SO_PASSCRED, checked, and a border between the bytes of different senders.
#include "unix.h"

union control {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(struct ucred))];
};

static ssize_t send_as(int fd, const char *text, struct ucred sender) {
    union control control;
    struct iovec vector = {(char *)text, strlen(text)};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    control.header = (struct cmsghdr){CMSG_LEN(sizeof sender), SOL_SOCKET, SCM_CREDENTIALS};
    memcpy(CMSG_DATA(&control.header), &sender, sizeof sender);
    return sendmsg(fd, &message, 0);
}

// Receives a text and the number of the process that sent it; 0 for none.
static pid_t sender_of(int fd, const char *text) {
    union control control;
    char got[64];
    struct iovec vector = {got, sizeof got};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    CHECK_EQ(recvmsg(fd, &message, 0), strlen(text));
    CHECK(memcmp(got, text, strlen(text)) == 0);
    CHECK_EQ(message.msg_flags, 0);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (!header) return 0;
    CHECK(header->cmsg_type == SCM_CREDENTIALS && header->cmsg_len == CMSG_LEN(sizeof(struct ucred)));
    struct ucred sender;
    memcpy(&sender, CMSG_DATA(header), sizeof sender);
    CHECK(sender.uid == getuid() && sender.gid == getgid());
    return sender.pid;
}

int main(void) {
    int pair[2], on = 1;
    struct ucred own = {getpid(), getuid(), getgid()};
    CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0);
    CHECK_EQ(send_as(pair[0], "told to nobody", own), 14);
    CHECK_EQ(sender_of(pair[1], "told to nobody"), 0);
    CHECK_EQ(option_of(pair[1], SO_PASSCRED), 0);
    CHECK(setsockopt(pair[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof on) == 0);
    CHECK_EQ(option_of(pair[1], SO_PASSCRED), 1);
    CHECK_SENDS(pair[0], "by itself");
    CHECK_EQ(sender_of(pair[1], "by itself"), getpid());
    CHECK_EQ(write(pair[0], "written", 7), 7);
    CHECK_EQ(sender_of(pair[1], "written"), getpid());
    CHECK_EQ(send_as(pair[0], "said", own), 4);
    CHECK_EQ(sender_of(pair[1], "said"), getpid());
    pid_t child = fork_child();
    if (child == 0) {
        CHECK_SENDS(pair[0], "child");
        CHECK_EQ(write(pair[0], "child writes", 12), 12);
        if (getuid() == 0) CHECK(setgid(1000) == 0 && setuid(1000) == 0);
        struct ucred false_id = {getppid(), getuid(), getgid()}, false_user = {getpid(), 7, getgid()}, false_group = {getpid(), getuid(), 7};
        CHECK_ERRNO(send_as(pair[0], "x", false_id), EPERM);
        CHECK_ERRNO(send_as(pair[0], "x", false_user), EPERM);
        CHECK_ERRNO(send_as(pair[0], "x", false_group), EPERM);
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    CHECK_EQ(sender_of(pair[1], "child"), child);
    CHECK_EQ(sender_of(pair[1], "child writes"), child);
    if (getuid() == 0) CHECK_ERRNO(send_as(pair[0], "x", (struct ucred){child, 0, 0}), ESRCH);
    // Without room for it, it is cut.
    CHECK_SENDS(pair[0], "cut");
    char got[8];
    struct iovec vector = {got, sizeof got};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};
    CHECK_EQ(recvmsg(pair[1], &message, 0), 3);
    CHECK_EQ(message.msg_flags, MSG_CTRUNC);
    // In a stream, bytes of different senders do not come together.
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    CHECK(setsockopt(pair[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof on) == 0);
    CHECK_SENDS(pair[0], "mine");
    CHECK_SENDS(pair[0], " too");
    child = fork_child();
    if (child == 0) {
        CHECK_SENDS(pair[0], "other");
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    CHECK_EQ(sender_of(pair[1], "mine too"), getpid());
    CHECK_EQ(sender_of(pair[1], "other"), child);
    // Whoever asks for it gets a name, and what a listener asks for its connections ask for.
    int server = bound(SOCK_STREAM, "door");
    CHECK(setsockopt(server, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) == 0 && listen(server, 2) == 0);
    int client = new_socket(SOCK_STREAM);
    CHECK(setsockopt(client, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) == 0 && connect_to(client, "door") == 0);
    struct sockaddr_un name;
    socklen_t length = sizeof name;
    CHECK(getsockname(client, (struct sockaddr *)&name, &length) == 0);
    CHECK_EQ(length, 8);
    int accepted = accept(server, NULL, NULL);
    CHECK_EQ(option_of(accepted, SO_PASSCRED), 1);
    CHECK_SENDS(client, "hello");
    CHECK_EQ(sender_of(accepted, "hello"), getpid());
}
