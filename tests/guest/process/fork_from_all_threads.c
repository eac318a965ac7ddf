// Several threads fork and wait at once; each gets its own children's codes.
#include "../test.h"

static void *body(void *argument) {
    int base = (int)(long)argument;
    for (int i = 0; i < 10; i++) {
        pid_t child = fork_child();
        if (child == 0) _exit(base + i);
        CHECK_EXITS(child, base + i);
    }
    return NULL;
}

int main(void) {
    pthread_t threads[4];
    for (long i = 0; i < 4; i++) threads[i] = spawn(body, (void *)(i * 20));
    for (int i = 0; i < 4; i++) join(threads[i]);
    CHECK_ERRNO(wait(NULL), ECHILD);
    puts("ok");
}
