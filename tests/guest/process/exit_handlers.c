// exit runs the handlers, in the child those it inherited too; _exit and a signal run none.
#include "../test.h"

static int *ran;

static void first(void) { *ran = *ran * 10 + 1; }
static void second(void) { *ran = *ran * 10 + 2; }

int main(void) {
    ran = shared_pages(1);
    CHECK(atexit(first) == 0);
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(atexit(second) == 0);
        exit(0);
    }
    CHECK_EXITS(child, 0);
    CHECK_EQ(*ran, 21);
    *ran = 0;
    child = fork_child();
    if (child == 0) _exit(0);
    CHECK_EXITS(child, 0);
    child = fork_child();
    if (child == 0) raise(SIGTERM);
    CHECK_DIES(child, SIGTERM);
    CHECK_EQ(*ran, 0);
    puts("ok");
}
