// What of prctl a child inherits: name, dumpability, no_new_privs, timer slack; not the parent-death signal.
#include "../test.h"
#include <sys/prctl.h>

int main(void) {
    char name[16] = {0};
    int death = 0, reaper = 0;
    CHECK(prctl(PR_SET_NAME, "ancestor") == 0 && prctl(PR_SET_PDEATHSIG, SIGUSR1) == 0);
    CHECK(prctl(PR_SET_TIMERSLACK, 70000) == 0 && prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_DUMPABLE, 0) == 0);
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(prctl(PR_GET_NAME, name) == 0 && strcmp(name, "ancestor") == 0);
        CHECK(prctl(PR_GET_PDEATHSIG, &death) == 0);
        CHECK_EQ(death, 0);
        CHECK_EQ(prctl(PR_GET_TIMERSLACK), 70000);
        CHECK(prctl(PR_GET_CHILD_SUBREAPER, &reaper) == 0);
        CHECK_EQ(reaper, 0);
        CHECK_EQ(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 1);
        CHECK_EQ(prctl(PR_GET_DUMPABLE), 0);
        CHECK(prctl(PR_SET_NAME, "descendant") == 0);
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    CHECK(prctl(PR_GET_NAME, name) == 0 && strcmp(name, "ancestor") == 0);
    CHECK(prctl(PR_GET_PDEATHSIG, &death) == 0 && death == SIGUSR1);
    puts("ok");
}
