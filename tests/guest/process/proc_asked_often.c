// A process that others look at all the time goes on writing to the standard output.
#include "../test.h"

enum { WRITES = 20000, READERS = 2 };

int main(void) {
    char path[64], text[8192];
    struct gate done = new_gate();
    pid_t writer = fork_child(), readers[READERS];
    if (writer == 0) {
        for (int i = 0; i < WRITES; i++) CHECK_EQ(write(1, i % 64 == 63 ? "\n" : ".", 1), 1);
        open_gate(done);
        for (;;) pause();
    }
    snprintf(path, sizeof path, "/proc/%d/cmdline", writer);
    for (int i = 0; i < READERS; i++) {
        readers[i] = fork_child();
        if (readers[i]) continue;
        for (;;) CHECK(read_text(path, text, sizeof text) >= 0);
    }
    pass_gate(done);
    for (int i = 0; i < READERS; i++) {
        CHECK(kill(readers[i], SIGKILL) == 0);
        CHECK_DIES(readers[i], SIGKILL);
    }
    CHECK(kill(writer, SIGKILL) == 0);
    CHECK_DIES(writer, SIGKILL);
    puts("ok");
}
