// fork returns twice: the child's number to the parent, zero to the child, which has numbers of its own.
#include "../test.h"

int main(void) {
    pid_t parent = getpid(), group = getpgrp(), session = getsid(0);
    pid_t *seen = shared_pages(1);
    pid_t child = fork_child();
    if (child == 0) {
        CHECK_EQ(getppid(), parent);
        CHECK(getpid() != parent && getpid() > 0);
        CHECK_EQ(raw(SYS_getpid), getpid());
        CHECK_EQ(raw(SYS_gettid), getpid());
        CHECK_EQ(getpgrp(), group);
        CHECK_EQ(getsid(0), session);
        *seen = getpid();
        _exit(17);
    }
    CHECK(child != parent);
    CHECK_EQ(getpid(), parent);
    CHECK_EQ(raw(SYS_gettid), parent);
    CHECK_EXITS(child, 17);
    CHECK_EQ(*seen, child);
    CHECK_ERRNO(wait(NULL), ECHILD);
    puts("ok");
}
