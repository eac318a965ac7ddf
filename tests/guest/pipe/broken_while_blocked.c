// A writer blocked on a full pipe gets EPIPE when the reading process dies; a reader blocked gets the end.
#include "../test.h"

int main(void) {
    static char block[1 << 17];
    int ends[2];
    char byte;
    CHECK(pipe(ends) == 0);
    signal(SIGPIPE, SIG_IGN);
    pid_t reader = fork_child();
    if (reader == 0) {
        CHECK(close(ends[1]) == 0);
        for (;;) pause();
    }
    pid_t writer = fork_child();
    if (writer == 0) {
        CHECK(close(ends[0]) == 0);
        // What was taken before counts: the write comes back short, and the next one fails.
        CHECK_EQ(write(ends[1], block, sizeof block), 65536);
        CHECK_ERRNO(write(ends[1], block, 1), EPIPE);
        _exit(3);
    }
    CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);
    wait_until_state(writer, 'S');
    CHECK(kill(reader, SIGKILL) == 0);
    CHECK_DIES(reader, SIGKILL);
    CHECK_EXITS(writer, 3);
    CHECK(pipe(ends) == 0);
    reader = fork_child();
    if (reader == 0) {
        CHECK(close(ends[1]) == 0);
        CHECK_EQ(read(ends[0], &byte, 1), 0);
        _exit(4);
    }
    wait_until_state(reader, 'S');
    CHECK(close(ends[1]) == 0);
    CHECK_EXITS(reader, 4);
    puts("ok");
}
