// PR_SET_CHILD_SUBREAPER: orphans below become children of the subreaper, which waits for them.
#include "../test.h"
#include <sys/prctl.h>

int main(void) {
    int is_reaper = 0;
    pid_t *orphan = shared_pages(1), main_process = getpid();
    struct gate go = new_gate();
    CHECK(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0);
    CHECK(prctl(PR_GET_CHILD_SUBREAPER, &is_reaper, 0, 0, 0) == 0 && is_reaper == 1);
    pid_t child = fork_child();
    if (child == 0) {
        pid_t middle = fork_child();
        if (middle == 0) {
            pid_t last = fork_child();
            if (last == 0) {
                pass_gate(go);
                _exit(getppid() == main_process ? 5 : 4);
            }
            *orphan = last;
            _exit(0);
        }
        CHECK_EXITS(middle, 0);
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    CHECK_EQ(waitpid(-1, NULL, WNOHANG), 0);
    open_gate(go);
    CHECK_EXITS(*orphan, 5);
    CHECK(prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0) == 0);
    CHECK(prctl(PR_GET_CHILD_SUBREAPER, &is_reaper, 0, 0, 0) == 0 && is_reaper == 0);
    CHECK_ERRNO(wait(NULL), ECHILD);
    puts("ok");
}
