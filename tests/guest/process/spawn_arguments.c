// needs: /bin/sh
// posix_spawn and posix_spawnp hand over arguments and environment, and the parent finds the exit code.
#include "../test.h"
#include <spawn.h>

extern char **environ;

int main(int argc, char **argv) {
    if (argc > 1) {
        const char *value = getenv("SPAWNED");
        return argc == 4 && strcmp(argv[1], "one") == 0 && argv[2][0] == 0 && strcmp(argv[3], "three words here") == 0
                       && value && strcmp(value, "a=b") == 0 && !getenv("HOME")
                   ? 50
                   : 51;
    }
    pid_t child;
    char *arguments[] = {"program", "one", "", "three words here", NULL}, *environment[] = {"SPAWNED=a=b", NULL};
    CHECK_ZERO(posix_spawn(&child, argv[0], NULL, NULL, arguments, environment));
    CHECK_EXITS(child, 50);
    char *shell[] = {"sh", "-c", "exit 7", NULL};
    CHECK_ZERO(posix_spawnp(&child, "sh", NULL, NULL, shell, environ));
    CHECK_EXITS(child, 7);
    puts("ok");
}
