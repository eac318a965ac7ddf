// What connect refuses: no name, no socket, no listener, another type, no permission, a second time.
#include "unix.h"

static int try_connect(int type, const char *name) {
    int fd = new_socket(type);
    int result = connect_to(fd, name);
    int saved_errno = errno;
    CHECK(close(fd) == 0);
    errno = saved_errno;
    return result;
}

int main(void) {
    CHECK_ERRNO(try_connect(SOCK_STREAM, "none"), ENOENT);
    CHECK_ERRNO(try_connect(SOCK_DGRAM, "none"), ENOENT);
    CHECK(close(file_with("file", "x", 1)) == 0);
    CHECK_ERRNO(try_connect(SOCK_STREAM, "file"), ECONNREFUSED);
    CHECK_ERRNO(try_connect(SOCK_STREAM, "file/a"), ENOTDIR);
    CHECK(mknod("node", S_IFSOCK | 0777, 0) == 0);
    CHECK_ERRNO(try_connect(SOCK_STREAM, "node"), ECONNREFUSED);
    int server = bound(SOCK_STREAM, "server");
    CHECK_ERRNO(try_connect(SOCK_STREAM, "server"), ECONNREFUSED);
    CHECK(listen(server, 5) == 0);
    CHECK_ERRNO(try_connect(SOCK_DGRAM, "server"), EPROTOTYPE);
    CHECK_ERRNO(try_connect(SOCK_SEQPACKET, "server"), EPROTOTYPE);
    CHECK(symlink("server", "link") == 0);
    int client = connected(SOCK_STREAM, "link");
    CHECK_ERRNO(connect_to(client, "server"), EISCONN);
    CHECK_ERRNO(connect_to(server, "server"), EINVAL);
    struct address address = address_of("server");
    struct sockaddr *raw_address = (struct sockaddr *)&address.un;
    int fd = new_socket(SOCK_STREAM);
    CHECK_ERRNO(connect(fd, raw_address, 1), EINVAL);
    CHECK_ERRNO(connect(fd, raw_address, sizeof(sa_family_t)), EINVAL);
    CHECK_EQ(raw(SYS_connect, fd, 8, 16), -EFAULT);
    address.un.sun_family = AF_UNSPEC;
    CHECK_ERRNO(connect(fd, raw_address, address.length), EINVAL);
    address.un.sun_family = AF_INET;
    CHECK_ERRNO(connect(fd, raw_address, address.length), EINVAL);
    CHECK_ERRNO(connect(file_with("f", "x", 1), raw_address, address.length), ENOTSOCK);
    // Writing to the node is what a connection needs.
    CHECK(chmod("server", 0444) == 0 && chmod(".", 0755) == 0);
    pid_t child = fork_child();
    if (child == 0) {
        if (geteuid() == 0) CHECK(setgid(1000) == 0 && setuid(1000) == 0);
        CHECK_ERRNO(try_connect(SOCK_STREAM, "server"), EACCES);
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    int pair[2];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    CHECK_ERRNO(connect_to(pair[0], "server"), EISCONN);
}
