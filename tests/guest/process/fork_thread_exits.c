// A child forked from a thread ends with pthread_exit of its only thread, and with return from that thread.
#include "../test.h"

static void *forker(void *leaves) {
    pid_t child = fork_child();
    if (child == 0) {
        if (leaves) pthread_exit(NULL);
        return NULL;
    }
    CHECK_EXITS(child, 0);
    return NULL;
}

int main(void) {
    join(spawn(forker, NULL));
    join(spawn(forker, ""));
    puts("ok");
}
