// needs: /bin/sh
// execlp runs a file without a known format by the shell, and looks along PATH; execve does neither.
#include "../test.h"

int main(void) {
    int fd = file_with("commands", "exit 9\n", 7);
    CHECK(fchmod(fd, 0755) == 0 && close(fd) == 0);
    CHECK_ERRNO(execl("./commands", "commands", NULL), ENOEXEC);
    CHECK_ERRNO(execl("sh", "sh", NULL), ENOENT);
    pid_t child = fork_child();
    if (child == 0) _exit(execlp("./commands", "commands", NULL) == -1 ? 99 : 98);
    CHECK_EXITS(child, 9);
    child = fork_child();
    if (child == 0) {
        CHECK(setenv("PATH", "/no/such/folder:.:/bin", 1) == 0);
        _exit(execlp("commands", "commands", NULL) == -1 ? 99 : 98);
    }
    CHECK_EXITS(child, 9);
    puts("ok");
}
