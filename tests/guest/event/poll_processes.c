// poll and select report what another process does to pipes and sockets: data, room, end and hang-up.
#include "../test.h"
#include <poll.h>
#include <sys/select.h>
#include <sys/socket.h>

int main(void) {
    int ends[2], pair[2];
    char byte;
    struct gate gate = new_gate();
    CHECK(pipe(ends) == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(close(ends[0]) == 0 && close(pair[0]) == 0);
        CHECK(write(ends[1], "p", 1) == 1);
        pass_gate(gate);
        CHECK(write(pair[1], "s", 1) == 1);
        pass_gate(gate);
        CHECK(close(ends[1]) == 0);
        pass_gate(gate);
        _exit(0);
    }
    CHECK(close(ends[1]) == 0 && close(pair[1]) == 0);
    struct pollfd entries[] = {{ends[0], POLLIN, 0}, {pair[0], POLLIN, 0}};
    CHECK_EQ(poll(entries, 2, 5000), 1);
    CHECK(entries[0].revents == POLLIN && entries[1].revents == 0);
    CHECK_EQ(read(ends[0], &byte, 1), 1);
    open_gate(gate);
    CHECK_EQ(poll(entries, 2, 5000), 1);
    CHECK(entries[0].revents == 0 && entries[1].revents == POLLIN);
    CHECK_EQ(read(pair[0], &byte, 1), 1);
    open_gate(gate);
    CHECK_EQ(poll(entries, 2, 5000), 1);
    CHECK(entries[0].revents == POLLHUP && entries[1].revents == 0);
    open_gate(gate);
    entries[0].fd = -1;
    CHECK_EQ(poll(entries, 2, 5000), 1);
    CHECK_EQ(entries[1].revents, POLLIN | POLLHUP);
    CHECK_EXITS(child, 0);
    puts("ok");
}
