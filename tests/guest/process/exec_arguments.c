// execve hands over arguments and environment as they are: empty ones, long ones, many, and an argv[0] of any kind.
#include "../test.h"

extern char **environ;

static char **many(void) {
    static char *arguments[3003];
    arguments[0] = "any name";
    arguments[1] = "many";
    for (int i = 2; i < 3002; i++) CHECK(asprintf(&arguments[i], "%d", i) > 0);
    return arguments;
}

static int after(int argc, char **argv) {
    if (strcmp(argv[1], "many") == 0) {
        CHECK_EQ(argc, 3002);
        for (int i = 2; i < argc; i++) CHECK_EQ(atoi(argv[i]), i);
        CHECK(strcmp(argv[0], "any name") == 0 && argv[argc] == NULL);
        CHECK(environ[0] == NULL);
        return 3;
    }
    CHECK_EQ(argc, 4);
    CHECK_EQ(strlen(argv[2]), 100000);
    CHECK_EQ(argv[2][99999], 'y');
    CHECK_EQ(argv[3][0], 0);
    CHECK(strcmp(environ[0], "FIRST=1") == 0 && strcmp(environ[1], "no equals sign") == 0 && strcmp(environ[2], "=") == 0 && !environ[3]);
    return 2;
}

int main(int argc, char **argv) {
    if (argc > 1) return after(argc, argv);
    char *longest = malloc(100001);
    CHECK(longest);
    memset(longest, 'y', 100000);
    longest[100000] = 0;
    char *arguments[] = {argv[0], "few", longest, "", NULL}, *variables[] = {"FIRST=1", "no equals sign", "=", NULL};
    pid_t child = fork_child();
    if (child == 0) _exit(execve(argv[0], arguments, variables) == -1 ? 99 : 98);
    CHECK_EXITS(child, 2);
    child = fork_child();
    if (child == 0) _exit(execve(argv[0], many(), (char *[]){NULL}) == -1 ? 99 : 98);
    CHECK_EXITS(child, 3);
    puts("ok");
}
