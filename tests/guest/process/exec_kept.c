// What execve keeps: numbers, group, session, directory, mask, limits, nice value, children.
#include "../test.h"
#include <sys/resource.h>

static int after(char **argv) {
    char here[PATH_MAX];
    struct rlimit limit;
    CHECK_EQ(getpid(), atoi(argv[1]));
    CHECK_EQ(getppid(), atoi(argv[2]));
    CHECK_EQ(getpgrp(), getpid());
    CHECK_EQ(getsid(0), atoi(argv[3]));
    CHECK(getcwd(here, sizeof here) && strcmp(strrchr(here, '/'), "/d") == 0);
    CHECK_EQ(umask(0), 071);
    CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur == 99 && limit.rlim_max == 100);
    CHECK_EQ(getpriority(PRIO_PROCESS, 0), 19);
    CHECK_EXITS(atoi(argv[4]), 13);
    return 30;
}

int main(int argc, char **argv) {
    if (argc > 1) return after(argv);
    CHECK(mkdir("d", 0777) == 0);
    pid_t parent = getpid(), child = fork_child();
    if (child == 0) {
        CHECK(setpgid(0, 0) == 0 && chdir("d") == 0);
        umask(071);
        CHECK(setrlimit(RLIMIT_NOFILE, &(struct rlimit){99, 100}) == 0 && setpriority(PRIO_PROCESS, 0, 19) == 0);
        char own[16], above[16], session[16], below[16];
        pid_t grandchild = fork_child();
        if (grandchild == 0) _exit(13);
        snprintf(own, sizeof own, "%d", getpid());
        snprintf(above, sizeof above, "%d", parent);
        snprintf(session, sizeof session, "%d", getsid(0));
        snprintf(below, sizeof below, "%d", grandchild);
        execl(argv[0], argv[0], own, above, session, below, NULL);
        _exit(99);
    }
    CHECK_EXITS(child, 30);
    puts("ok");
}
