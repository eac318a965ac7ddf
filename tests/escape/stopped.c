// cases: one all itself
// also: beside
// limit: 2s
// Stops what it can: its siblings and its parent, everything it sees, itself. The sandbox's time limit ends it all the
// same, and nothing outside stops.
#include "attack.h"

static void sleep_for_ever(void) {
    for (;;) poll(0, 0, 1000);
}

int main(int argc, char **argv) {
    (void)argc;
    plan(argv);
    find_gate();
    if (unfiltered) {
        kill(victim_process, SIGSTOP);
        return 0;
    }
    kill(victim_process, SIGSTOP);
    pid_t parent = getpid(), sibling = fork();
    if (sibling == 0) sleep_for_ever();
    if (fork() == 0) {
        CASE("one") kill(sibling, SIGSTOP), kill(parent, SIGSTOP);
        CASE("all") kill(-1, SIGSTOP);
        CASE("itself") kill(0, SIGSTOP);
        sleep_for_ever();
    }
    while (wait(0) > 0) continue;
    return 0;
}
