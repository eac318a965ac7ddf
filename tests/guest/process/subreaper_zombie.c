// An orphan that had already ended when its parent did goes to the subreaper as well, with its exit code.
#include "../test.h"
#include <sys/prctl.h>

int main(void) {
    siginfo_t info;
    pid_t *orphan = shared_pages(1);
    CHECK(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0);
    pid_t child = fork_child();
    if (child == 0) {
        pid_t last = fork_child();
        if (last == 0) _exit(66);
        CHECK(waitid(P_PID, (id_t)last, &info, WEXITED | WNOWAIT) == 0);
        *orphan = last;
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    CHECK_EXITS(*orphan, 66);
    puts("ok");
}
