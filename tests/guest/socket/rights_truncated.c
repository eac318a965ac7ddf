// Descriptors that do not fit are closed and MSG_CTRUNC says so; those that nobody asks for are closed as well.
#include "unix.h"
#include <sys/resource.h>

int main(void) {
    int pair[2], flags, got[8], ends[2];
    char text[8];
    CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0);
    for (int room = 0; room < 4; room++) {
        CHECK(pipe(ends) == 0);
        CHECK_EQ(send_fds(pair[0], "x", (int[]){0, 1, ends[1]}, 3), 1);
        CHECK(close(ends[1]) == 0);
        int count = receive_fds(pair[1], text, sizeof text, got, (size_t)room, 0, &flags);
        printf("room %d: %d, flags %#x, closed %d\n", room, count, flags, room == 3 ? 0 : pipe_ends(ends[0]));
        for (int i = 0; i < count; i++) CHECK(close(got[i]) == 0);
        CHECK(pipe_ends(ends[0]) && close(ends[0]) == 0);
    }
    // recv and read take the bytes alone.
    for (int i = 0; i < 2; i++) {
        CHECK(pipe(ends) == 0);
        CHECK_EQ(send_fds(pair[0], "x", &ends[1], 1), 1);
        CHECK(close(ends[1]) == 0);
        CHECK_EQ(i ? read(pair[1], text, 1) : recv(pair[1], text, 1, 0), 1);
        CHECK(pipe_ends(ends[0]) && close(ends[0]) == 0);
    }
    // Without a free number they are cut too.
    struct rlimit limit, none;
    CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    none = limit;
    int next = dup(0);
    CHECK(close(next) == 0);
    none.rlim_cur = (rlim_t)next + 1;
    CHECK_EQ(send_fds(pair[0], "x", (int[]){0, 1}, 2), 1);
    CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0);
    int count = receive_fds(pair[1], text, sizeof text, got, 8, MSG_CMSG_CLOEXEC, &flags);
    printf("limit: %d, flags %#x\n", count, flags);
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    CHECK_EQ(fcntl(got[0], F_GETFD), FD_CLOEXEC);
    // What waits in a socket that closes is closed.
    CHECK(pipe(ends) == 0);
    CHECK_EQ(send_fds(pair[0], "x", &ends[1], 1), 1);
    CHECK(close(ends[1]) == 0 && close(pair[1]) == 0);
    CHECK(pipe_ends(ends[0]));
}
