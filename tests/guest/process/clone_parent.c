// CLONE_PARENT: the new process is a brother of the caller, and their parent waits for both.
#include "../test.h"

int main(void) {
    pid_t *brother = shared_pages(1), parent = getpid();
    pid_t child = fork_child();
    if (child == 0) {
        long pid = raw(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
        if (pid == 0) raw(SYS_exit_group, raw(SYS_getppid) == parent ? 2 : 3);
        CHECK(pid > 0);
        CHECK_ERRNO(waitpid((pid_t)pid, NULL, 0), ECHILD);
        *brother = (pid_t)pid;
        _exit(1);
    }
    CHECK_EXITS(child, 1);
    CHECK_EXITS(*brother, 2);
    CHECK_ERRNO(wait(NULL), ECHILD);
    puts("ok");
}
