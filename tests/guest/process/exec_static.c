// needs: /bin/sh
// build: -static
// A static program executes itself and dynamic ones.
#include "../test.h"

int main(int argc, char **argv) {
    if (argc > 1) return 31;
    pid_t child = fork_child();
    if (child == 0) _exit(execl(argv[0], argv[0], "again", NULL) == -1 ? 99 : 98);
    CHECK_EXITS(child, 31);
    child = fork_child();
    if (child == 0) _exit(execl("/bin/sh", "sh", "-c", "exit 32", NULL) == -1 ? 99 : 98);
    CHECK_EXITS(child, 32);
    puts("ok");
}
