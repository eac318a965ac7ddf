// The way of a daemon: fork, setsid, fork again; the last process leads nothing and its parents are gone.
#include "../test.h"

int main(void) {
    int ends[2], report[4];
    CHECK(pipe(ends) == 0);
    pid_t child = fork_child();
    if (child == 0) {
        pid_t session = setsid();
        if (fork_child() != 0) _exit(0);
        while (getppid() == session) sleep_ms(1);
        int words[4] = {getpid(), getpgrp(), getsid(0), session};
        CHECK_EQ(write(ends[1], words, sizeof words), sizeof words);
        _exit(0);
    }
    CHECK(close(ends[1]) == 0);
    CHECK_EXITS(child, 0);
    CHECK_EQ(read(ends[0], report, sizeof report), sizeof report);
    CHECK_EQ(report[3], child);
    CHECK(report[0] != child && report[1] == child && report[2] == child);
    CHECK_EQ(read(ends[0], report, 1), 0);
    puts("ok");
}
