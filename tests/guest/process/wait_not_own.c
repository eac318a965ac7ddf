// Only children can be waited for: not oneself, the parent, a brother, or a grandchild.
#include "../test.h"

int main(void) {
    struct gate end = new_gate(), told = new_gate();
    pid_t *grandchild = shared_pages(1);
    pid_t brother = fork_child();
    if (brother == 0) {
        pass_gate(end);
        _exit(1);
    }
    CHECK_ERRNO(waitpid(getpid(), NULL, 0), ECHILD);
    CHECK_ERRNO(waitpid(getppid(), NULL, 0), ECHILD);
    pid_t child = fork_child();
    if (child == 0) {
        CHECK_ERRNO(waitpid(brother, NULL, 0), ECHILD);
        CHECK_ERRNO(waitpid(getppid(), NULL, 0), ECHILD);
        CHECK_ERRNO(wait(NULL), ECHILD);
        pid_t last = fork_child();
        if (last == 0) _exit(2);
        *grandchild = last;
        open_gate(told);
        pass_gate(end);
        CHECK_EXITS(last, 2);
        _exit(3);
    }
    pass_gate(told);
    CHECK_ERRNO(waitpid(*grandchild, NULL, 0), ECHILD);
    open_gate(end);
    open_gate(end);
    CHECK_EXITS(child, 3);
    CHECK_EXITS(brother, 1);
    puts("ok");
}
