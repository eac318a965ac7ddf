// accept waits for another process, has flags of its own, needs a free descriptor first, and ends with the time limit.
#include "unix.h"
#include <sys/resource.h>

int main(void) {
    int server = listening(SOCK_STREAM, "door", 8);
    CHECK_EQ(option_of(server, SO_ACCEPTCONN), 1);
    pid_t child = fork_child();
    if (child == 0) {
        sleep_ms(30);
        int client = connected(SOCK_STREAM, "door");
        CHECK_TEXT(client, "hello");
        _exit(0);
    }
    int accepted = accept(server, NULL, NULL);
    CHECK(accepted >= 0);
    CHECK_SENDS(accepted, "hello");
    CHECK_EXITS(child, 0);
    CHECK(fcntl(server, F_SETFL, O_NONBLOCK) == 0);
    CHECK_ERRNO(accept(server, NULL, NULL), EAGAIN);
    int clients[4];
    for (int i = 0; i < 4; i++) clients[i] = connected(SOCK_STREAM, "door");
    CHECK((accepted = accept(server, NULL, NULL)) >= 0);
    printf("%d %d\n", fcntl(accepted, F_GETFL) & O_NONBLOCK, fcntl(accepted, F_GETFD));
    CHECK((accepted = accept4(server, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0);
    printf("%d %d\n", fcntl(accepted, F_GETFL) & O_NONBLOCK, fcntl(accepted, F_GETFD));
    CHECK_ERRNO(accept4(server, NULL, NULL, 1), EINVAL);
    CHECK_ERRNO(accept(clients[0], NULL, NULL), EINVAL);
    CHECK_ERRNO(accept(99, NULL, NULL), EBADF);
    struct rlimit limit, none = {3, 0};
    CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    none.rlim_max = limit.rlim_max;
    CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0);
    CHECK_ERRNO(accept(server, NULL, NULL), EMFILE);
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    CHECK_SENDS(clients[2], "still here");
    CHECK_TEXT(accept(server, NULL, NULL), "still here");
    // An address that cannot be told costs the connection.
    CHECK_EQ(raw(SYS_accept, server, 8, &(socklen_t){16}), -EFAULT);
    CHECK_ERRNO(accept(server, NULL, NULL), EAGAIN);
    struct timeval soon = {0, 20000};
    CHECK(fcntl(server, F_SETFL, 0) == 0);
    CHECK(setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon) == 0);
    CHECK_ERRNO(accept(server, NULL, NULL), EAGAIN);
}
