// A writer whose reader in another process has gone dies by SIGPIPE, or gets EPIPE if it ignores that.
#include "../test.h"

static int writer(int ignores) {
    int ends[2];
    CHECK(pipe(ends) == 0);
    pid_t reader = fork_child();
    if (reader == 0) {
        char byte;
        CHECK(close(ends[1]) == 0 && read(ends[0], &byte, 1) == 1);
        _exit(0);
    }
    pid_t child = fork_child();
    if (child == 0) {
        static char block[4096];
        CHECK(close(ends[0]) == 0);
        if (ignores) signal(SIGPIPE, SIG_IGN);
        for (;;)
            if (write(ends[1], block, sizeof block) == -1) _exit(errno == EPIPE ? 4 : 5);
    }
    CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);
    CHECK_EXITS(reader, 0);
    return status_of(child);
}

int main(void) {
    CHECK_EQ(writer(0), SIGPIPE);
    CHECK_EQ(writer(1), 4 << 8);
    puts("ok");
}
