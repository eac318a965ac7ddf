// posix_spawn from several threads at once, twenty programs in all.
#include "../test.h"
#include <spawn.h>

extern char **environ;
static char *program;

static void *body(void *argument) {
    for (int i = 0; i < 5; i++) {
        pid_t child;
        char code[8];
        int wanted = (int)(long)argument * 5 + i;
        snprintf(code, sizeof code, "%d", wanted);
        char *arguments[] = {program, code, NULL};
        CHECK_ZERO(posix_spawn(&child, program, NULL, NULL, arguments, environ));
        CHECK_EXITS(child, wanted);
    }
    return NULL;
}

int main(int argc, char **argv) {
    if (argc > 1) return atoi(argv[1]);
    pthread_t threads[4];
    program = argv[0];
    for (long i = 0; i < 4; i++) threads[i] = spawn(body, (void *)i);
    for (int i = 0; i < 4; i++) join(threads[i]);
    CHECK_ERRNO(wait(NULL), ECHILD);
    puts("ok");
}
