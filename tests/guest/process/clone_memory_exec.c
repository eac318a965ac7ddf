// execve in a CLONE_VM child gives it memory of its own; its parent's stays as it is.
#include "../test.h"

static char *program;
static _Atomic int reached;

static int body(void *argument) {
    reached = 1;
    char *arguments[] = {program, argument, NULL}, *environment[] = {NULL};
    raw(SYS_execve, program, arguments, environment);
    raw(SYS_exit_group, 1);
    return 1;
}

int main(int argc, char **argv) {
    if (argc > 1) {
        memset(map_pages(64), 1, 64 * PAGE);
        return reached == 0 && strcmp(argv[1], "again") == 0 ? 13 : 14;
    }
    program = argv[0];
    char *stack = map_pages(16), *kept = map_pages(64);
    memset(kept, 9, 64 * PAGE);
    pid_t child = clone(body, stack + 16 * PAGE, CLONE_VM | SIGCHLD, "again");
    CHECK(child > 0);
    CHECK_EXITS(child, 13);
    CHECK_EQ(reached, 1);
    for (size_t i = 0; i < 64 * PAGE; i++) CHECK_EQ(kept[i], 9);
    puts("ok");
}
