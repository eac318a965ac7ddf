// Arguments and variables together may take a quarter of the stack limit; beyond that execve is E2BIG.
#include "../test.h"
#include <sys/resource.h>

enum { STRINGS = 100, LENGTH = 40000 };

int main(int argc, char **argv) {
    if (argc > 1) return argc == STRINGS / 4 + 1 ? 8 : 9;
    static char text[LENGTH], *arguments[STRINGS + 1];
    memset(text, 'x', sizeof text - 1);
    for (int i = 0; i < STRINGS; i++) arguments[i] = text;
    CHECK(setrlimit(RLIMIT_STACK, &(struct rlimit){8 << 20, 8 << 20}) == 0);
    CHECK_ERRNO(execve(argv[0], arguments, (char *[]){NULL}), E2BIG);
    CHECK_ERRNO(execve(argv[0], (char *[]){"x", NULL}, arguments), E2BIG);
    arguments[STRINGS / 4 + 1] = NULL;
    pid_t child = fork_child();
    if (child == 0) _exit(execve(argv[0], arguments, (char *[]){NULL}) == -1 ? 99 : 98);
    CHECK_EXITS(child, 8);
    puts("ok");
}
