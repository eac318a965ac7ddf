// setpriority and getpriority of a child, of a process group and of a user.
#include "../test.h"
#include <sys/resource.h>

static int value_of(int kind, id_t who) {
    errno = 0;
    int value = getpriority(kind, who);
    CHECK_EQ(errno, 0);
    return value;
}

int main(void) {
    pid_t children[2];
    for (int i = 0; i < 2; i++) {
        children[i] = fork_child();
        if (children[i] == 0)
            for (;;) pause();
        CHECK(setpgid(children[i], children[0]) == 0);
    }
    int own = value_of(PRIO_PROCESS, 0);
    CHECK(own <= 10);
    CHECK(setpriority(PRIO_PROCESS, (id_t)children[0], 12) == 0);
    CHECK_EQ(value_of(PRIO_PROCESS, (id_t)children[0]), 12);
    CHECK_EQ(value_of(PRIO_PROCESS, (id_t)children[1]), own);
    // Of a group getpriority tells the most favourable value.
    CHECK_EQ(value_of(PRIO_PGRP, (id_t)children[0]), own);
    CHECK(setpriority(PRIO_PGRP, (id_t)children[0], 15) == 0);
    CHECK_EQ(value_of(PRIO_PROCESS, (id_t)children[0]), 15);
    CHECK_EQ(value_of(PRIO_PROCESS, (id_t)children[1]), 15);
    CHECK_EQ(value_of(PRIO_PROCESS, 0), own);
    CHECK(value_of(PRIO_USER, 0) <= own);
    CHECK_ERRNO(getpriority(PRIO_PGRP, 0x7ffffff0), ESRCH);
    CHECK_ERRNO(setpriority(PRIO_PGRP, 0x7ffffff0, 0), ESRCH);
    if (geteuid() != 0) CHECK_ERRNO(setpriority(PRIO_PROCESS, (id_t)children[0], 14), EACCES);
    for (int i = 0; i < 2; i++) {
        CHECK(kill(children[i], SIGKILL) == 0);
        CHECK_DIES(children[i], SIGKILL);
    }
    CHECK_ERRNO(getpriority(PRIO_PROCESS, (id_t)children[0]), ESRCH);
    puts("ok");
}
