// needs: /bin/sh
// A script is run by the interpreter of its first line, with at most one argument; interpreters may be scripts.
#include "../test.h"

static void script(const char *name, const char *first_line) {
    int fd = file_with(name, first_line, strlen(first_line));
    CHECK(fchmod(fd, 0755) == 0 && close(fd) == 0);
}

static void expect(const char *path, char **arguments, int code) {
    pid_t child = fork_child();
    if (child == 0) {
        execv(path, arguments);
        _exit(99);
    }
    CHECK_EXITS(child, code);
}

static int after(int argc, char **argv) {
    if (strcmp(argv[1], "./plain") == 0) return argc == 4 && strcmp(argv[2], "x") == 0 && argv[3][0] == 0 ? 11 : 1;
    if (strcmp(argv[1], "one argument  here") == 0) return argc == 4 && strcmp(argv[2], "./argument") == 0 && strcmp(argv[3], "x") == 0 ? 12 : 2;
    return argc == 5 && strcmp(argv[1], "in") == 0 && strcmp(argv[2], "./inner") == 0 && strcmp(argv[3], "./outer") == 0 && strcmp(argv[4], "x") == 0 ? 13 : 3;
}

int main(int argc, char **argv) {
    if (argc > 1) return after(argc, argv);
    char line[512];
    snprintf(line, sizeof line, "#!%s\nrest\n", argv[0]);
    script("plain", line);
    expect("./plain", (char *[]){"dropped", "x", "", NULL}, 11);
    snprintf(line, sizeof line, "#! \t%s   one argument  here \t\nrest\n", argv[0]);
    script("argument", line);
    expect("./argument", (char *[]){"dropped", "x", NULL}, 12);
    snprintf(line, sizeof line, "#!%s in", argv[0]);
    script("inner", line);
    script("outer", "#!./inner\n");
    expect("./outer", (char *[]){"dropped", "x", NULL}, 13);
    script("shell", "#!/bin/sh -e\ntest \"$1\" = arg && test \"$0\" = ./shell\nfalse\nexit 0\n");
    expect("./shell", (char *[]){"dropped", "arg", NULL}, 1);
    puts("ok");
}
