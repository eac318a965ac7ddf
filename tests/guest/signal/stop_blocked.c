// Stopping and continuing a process that is blocked does not end its call: read, futex, poll and sleep go on.
#include "../test.h"
#include <linux/futex.h>
#include <poll.h>

int main(void) {
    unsigned *word = shared_pages(1);
    for (int way = 0; way < 4; way++) {
        int ends[2], status;
        *word = 0;
        CHECK(pipe(ends) == 0);
        pid_t child = fork_child();
        if (child == 0) {
            char byte;
            struct pollfd entry = {ends[0], POLLIN, 0};
            if (way == 0) CHECK_EQ(read(ends[0], &byte, 1), 1);
            if (way == 1) CHECK_EQ(poll(&entry, 1, -1), 1);
            if (way == 2) CHECK_EQ(raw(SYS_futex, word, FUTEX_WAIT, 0, NULL), 0);
            if (way == 3) CHECK_EQ(nanosleep(&(struct timespec){0, 60000000}, NULL), 0);
            _exit(way);
        }
        wait_until_state(child, 'S');
        CHECK(kill(child, SIGSTOP) == 0);
        CHECK_EQ(waitpid(child, &status, WUNTRACED), child);
        CHECK(WIFSTOPPED(status));
        CHECK(kill(child, SIGCONT) == 0);
        CHECK_EQ(waitpid(child, &status, WCONTINUED), child);
        if (way != 3) wait_until_state(child, 'S');
        CHECK_EQ(write(ends[1], "x", 1), 1);
        while (way == 2 && raw(SYS_futex, word, FUTEX_WAKE, 1) == 0) sched_yield();
        CHECK_EXITS(child, way);
        CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);
    }
    puts("ok");
}
