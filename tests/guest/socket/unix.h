// Shared by the tests of local sockets with names: addresses, sockets, and descriptors in messages.
#ifndef LITEBOX_TEST_UNIX_H
#define LITEBOX_TEST_UNIX_H

#include "../test.h"
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

struct address {
    struct sockaddr_un un;
    socklen_t length;
};

// The address of a path; a leading '@' makes it an abstract name.
static inline struct address address_of(const char *name) {
    struct address address;
    memset(&address, 0, sizeof address);
    address.un.sun_family = AF_UNIX;
    size_t length = strlen(name);
    memcpy(address.un.sun_path, name, length);
    address.length = offsetof(struct sockaddr_un, sun_path) + length + 1;
    if (name[0] == '@') {
        address.un.sun_path[0] = 0;
        address.length--;
    }
    return address;
}

static inline int new_socket(int type) {
    int fd = socket(AF_UNIX, type, 0);
    CHECK(fd >= 0);
    return fd;
}

static inline int bind_to(int fd, const char *name) {
    struct address address = address_of(name);
    return bind(fd, (struct sockaddr *)&address.un, address.length);
}

static inline int connect_to(int fd, const char *name) {
    struct address address = address_of(name);
    return connect(fd, (struct sockaddr *)&address.un, address.length);
}

static inline ssize_t send_to(int fd, const char *text, int flags, const char *name) {
    struct address address = address_of(name);
    return sendto(fd, text, strlen(text), flags, (struct sockaddr *)&address.un, address.length);
}

static inline int bound(int type, const char *name) {
    int fd = new_socket(type);
    CHECK(bind_to(fd, name) == 0);
    return fd;
}

static inline int listening(int type, const char *name, int backlog) {
    int fd = bound(type, name);
    CHECK(listen(fd, backlog) == 0);
    return fd;
}

static inline int connected(int type, const char *name) {
    int fd = new_socket(type);
    CHECK(connect_to(fd, name) == 0);
    return fd;
}

// Prints an address: its length and its name, with '@' for zeros.
static inline void show_address(const char *what, const struct sockaddr_un *un, socklen_t length) {
    printf("%s %u ", what, length);
    for (size_t i = 0; i + offsetof(struct sockaddr_un, sun_path) < length && i < sizeof un->sun_path; i++)
        putchar(un->sun_path[i] ? un->sun_path[i] : '@');
    putchar('\n');
}

static inline void show_name(const char *what, int fd) {
    struct sockaddr_un un;
    socklen_t length = sizeof un;
    CHECK(getsockname(fd, (struct sockaddr *)&un, &length) == 0);
    show_address(what, &un, length);
}

static inline void show_peer(const char *what, int fd) {
    struct sockaddr_un un;
    socklen_t length = sizeof un;
    CHECK(getpeername(fd, (struct sockaddr *)&un, &length) == 0);
    show_address(what, &un, length);
}

// Receives one message and checks its text.
#define CHECK_TEXT(fd, text)                                                                       \
    do {                                                                                           \
        char got_[256];                                                                            \
        CHECK_EQ(recv(fd, got_, sizeof got_, 0), strlen(text));                                    \
        CHECK(memcmp(got_, text, strlen(text)) == 0);                                              \
    } while (0)

#define CHECK_SENDS(fd, text) CHECK_EQ(send(fd, text, strlen(text), 0), strlen(text))

static inline int option_of(int fd, int option) {
    int value = -1;
    socklen_t length = sizeof value;
    CHECK(getsockopt(fd, SOL_SOCKET, option, &value, &length) == 0);
    return value;
}

// Sends a text with descriptors; the result of sendmsg.
static inline ssize_t send_fds(int socket, const char *text, const int *fds, size_t count) {
    static union {
        struct cmsghdr header;
        char space[CMSG_SPACE(300 * sizeof(int))];
    } control;
    struct iovec vector = {(char *)text, strlen(text)};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control};
    message.msg_controllen = CMSG_SPACE(count * sizeof(int));
    memset(&control, 0, sizeof control);
    control.header = (struct cmsghdr){CMSG_LEN(count * sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
    memcpy(CMSG_DATA(&control.header), fds, count * sizeof(int));
    return sendmsg(socket, &message, 0);
}

// Receives up to size bytes and up to room descriptors; how many came. The text is ended by a zero.
static inline int receive_fds(int socket, char *text, size_t size, int *fds, size_t room, int flags, int *message_flags) {
    static union {
        struct cmsghdr header;
        char space[CMSG_SPACE(300 * sizeof(int))];
    } control;
    struct iovec vector = {text, size - 1};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control};
    message.msg_controllen = room ? CMSG_LEN(room * sizeof(int)) : 0;
    ssize_t got = recvmsg(socket, &message, flags);
    CHECK(got >= 0);
    text[got] = 0;
    if (message_flags) *message_flags = message.msg_flags;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (!header) return 0;
    CHECK(header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS);
    int count = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
    memcpy(fds, CMSG_DATA(header), (size_t)count * sizeof(int));
    return count;
}

// Whether the other end of a pipe is closed everywhere. What is on its way may need a moment.
static inline int pipe_ends(int reader) {
    CHECK(fcntl(reader, F_SETFL, O_NONBLOCK) == 0);
    for (int round = 0; round < 200; round++) {
        char byte;
        ssize_t got = read(reader, &byte, 1);
        if (got == 0) return 1;
        CHECK(got == -1 && errno == EAGAIN);
        sleep_ms(1);
    }
    return 0;
}

#endif
