// In a stream, descriptors come with the first byte they were sent with, and nothing after that message comes along.
#include "unix.h"

static void show(int fd, size_t size, int flags) {
    int got[8];
    char text[32];
    int count = receive_fds(fd, text, size + 1, got, 8, flags, NULL);
    printf("%s %d\n", text, count);
    for (int i = 0; i < count; i++) CHECK(close(got[i]) == 0);
}

int main(void) {
    int pair[2], ends[2], got[8];
    char text[32];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    CHECK_SENDS(pair[0], "ab");
    CHECK_EQ(send_fds(pair[0], "cdef", (int[]){0, 1}, 2), 4);
    CHECK_SENDS(pair[0], "gh");
    CHECK_EQ(send_fds(pair[0], "i", (int[]){0}, 1), 1);
    CHECK_EQ(send_fds(pair[0], "j", (int[]){0}, 1), 1);
    show(pair[1], 1, 0);
    show(pair[1], 20, MSG_PEEK);
    show(pair[1], 3, 0);
    show(pair[1], 20, 0);
    show(pair[1], 20, MSG_WAITALL);
    // Looking at a message gives a descriptor of its own each time.
    CHECK(pipe(ends) == 0);
    CHECK_EQ(send_fds(pair[0], "k", &ends[1], 1), 1);
    CHECK(close(ends[1]) == 0);
    for (int i = 0; i < 2; i++) CHECK_EQ(receive_fds(pair[1], text, sizeof text, &got[i], 1, MSG_PEEK, NULL), 1);
    CHECK(got[0] != got[1]);
    CHECK(close(got[0]) == 0 && close(got[1]) == 0);
    CHECK_EQ(receive_fds(pair[1], text, sizeof text, got, 1, 0, NULL), 1);
    CHECK_EQ(write(got[0], "through", 7), 7);
    CHECK_EQ(read(ends[0], text, sizeof text), 7);
    CHECK(close(got[0]) == 0);
    CHECK(pipe_ends(ends[0]));
}
