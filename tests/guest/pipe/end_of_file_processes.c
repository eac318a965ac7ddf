// A pipe ends when the last of several writing processes has gone, however it goes; not before.
#include "../test.h"

int main(void) {
    int ends[2];
    char byte;
    struct gate gate = new_gate();
    CHECK(pipe(ends) == 0);
    pid_t writers[3];
    for (int i = 0; i < 3; i++) {
        writers[i] = fork_child();
        if (writers[i] == 0) {
            CHECK(write(ends[1], "w", 1) == 1);
            pass_gate(gate);
            if (i == 0) CHECK(close(ends[1]) == 0);
            if (i == 1) raise(SIGKILL);
            _exit(0);
        }
    }
    CHECK(close(ends[1]) == 0);
    for (int i = 0; i < 3; i++) CHECK_EQ(read(ends[0], &byte, 1), 1);
    CHECK(fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0);
    CHECK_ERRNO(read(ends[0], &byte, 1), EAGAIN);
    CHECK(fcntl(ends[0], F_SETFL, 0) == 0);
    for (int i = 0; i < 3; i++) open_gate(gate);
    CHECK_EQ(read(ends[0], &byte, 1), 0);
    CHECK_EXITS(writers[0], 0);
    CHECK_DIES(writers[1], SIGKILL);
    CHECK_EXITS(writers[2], 0);
    puts("ok");
}
