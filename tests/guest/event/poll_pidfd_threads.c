// A pidfd is readable when the whole process has ended, not when its first thread has.
#include "../test.h"
#include <poll.h>

static struct gate gate, gone;

static void *body(void *unused) {
    pass_gate(gate);
    _exit(17);
    return unused;
}

int main(void) {
    gate = new_gate();
    gone = new_gate();
    pid_t child = fork_child();
    if (child == 0) {
        spawn(body, NULL);
        open_gate(gone);
        raw(SYS_exit, 5);
    }
    pass_gate(gone);
    wait_until_state(child, 'Z');
    int pidfd = (int)raw(SYS_pidfd_open, child, 0);
    CHECK(pidfd >= 0);
    struct pollfd entry = {pidfd, POLLIN, 0};
    CHECK_EQ(poll(&entry, 1, 0), 0);
    CHECK_EQ(waitpid(child, NULL, WNOHANG), 0);
    open_gate(gate);
    CHECK_EQ(poll(&entry, 1, 5000), 1);
    CHECK_EXITS(child, 17);
    puts("ok");
}
