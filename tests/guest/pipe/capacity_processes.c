// A writer in another process fills the pipe's capacity and blocks; room made by reading lets it go on.
#include "../test.h"

int main(void) {
    int ends[2];
    static char block[65536];
    _Atomic int *wrote = shared_pages(1);
    CHECK(pipe(ends) == 0);
    CHECK_EQ(fcntl(ends[1], F_SETPIPE_SZ, 8192), 8192);
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(close(ends[0]) == 0);
        CHECK_EQ(fcntl(ends[1], F_GETPIPE_SZ), 8192);
        CHECK_EQ(write(ends[1], block, 8192), 8192);
        *wrote = 1;
        CHECK_EQ(write(ends[1], block, 4096), 4096);
        *wrote = 2;
        _exit(0);
    }
    while (!*wrote) sched_yield();
    wait_until_state(child, 'S');
    CHECK_EQ(*wrote, 1);
    CHECK_EQ(read(ends[0], block, 4096), 4096);
    CHECK_EXITS(child, 0);
    CHECK_EQ(*wrote, 2);
    CHECK_EQ(read(ends[0], block, sizeof block), 8192);
    puts("ok");
}
