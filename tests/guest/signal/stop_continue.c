// A stopped process does nothing until it is continued, wherever it was: computing, blocked, or in many threads.
#include "../test.h"

static _Atomic int *counter;

static void *count(void *unused) {
    for (;;) (*counter)++;
    return unused;
}

static void expect_still(pid_t child) {
    int status;
    CHECK(kill(child, SIGSTOP) == 0);
    CHECK_EQ(waitpid(child, &status, WUNTRACED), child);
    CHECK(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);
    int before = *counter;
    sleep_ms(20);
    CHECK_EQ(*counter, before);
    CHECK(kill(child, SIGCONT) == 0);
    CHECK_EQ(waitpid(child, &status, WCONTINUED), child);
    while (*counter == before) sched_yield();
}

int main(void) {
    counter = shared_pages(1);
    for (int threads = 0; threads < 3; threads += 2) {
        *counter = 0;
        pid_t child = fork_child();
        if (child == 0) {
            for (int i = 0; i < threads; i++) spawn(count, NULL);
            count(NULL);
        }
        while (!*counter) sched_yield();
        for (int round = 0; round < 3; round++) expect_still(child);
        CHECK(kill(child, SIGKILL) == 0);
        CHECK_DIES(child, SIGKILL);
    }
    puts("ok");
}
