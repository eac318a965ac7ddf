// A parent can move its child to another group until the child has executed a program: then it is EACCES.
#include "../test.h"

int main(int argc, char **argv) {
    char byte;
    if (argc > 1) return read(0, &byte, 1) == 1 && setpgid(0, 0) == 0 && getpgrp() == getpid() ? 3 : 4;
    int started[2], go[2];
    CHECK(pipe2(started, O_CLOEXEC) == 0 && pipe2(go, O_CLOEXEC) == 0);
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(dup2(go[0], 0) == 0);
        execl(argv[0], argv[0], "again", NULL);
        _exit(99);
    }
    CHECK(close(started[1]) == 0);
    CHECK_EQ(read(started[0], &byte, 1), 0);
    CHECK_ERRNO(setpgid(child, child), EACCES);
    CHECK_ERRNO(setpgid(child, getpgrp()), EACCES);
    CHECK_EQ(write(go[1], "g", 1), 1);
    CHECK_EXITS(child, 3);
    puts("ok");
}
