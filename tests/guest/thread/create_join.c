// Threads start, share memory, return a value, and can be detached; a thousand come and go.
#include "../test.h"

static _Atomic int started;

static void *body(void *argument) {
    started++;
    return (char *)argument + 1;
}

int main(void) {
    for (int round = 0; round < 125; round++) {
        pthread_t threads[8];
        for (long i = 0; i < 8; i++) threads[i] = spawn(body, (void *)(8 * round + i));
        for (long i = 0; i < 8; i++) CHECK_EQ((long)join(threads[i]), 8 * round + i + 1);
    }
    pthread_t thread = spawn(body, NULL);
    CHECK_ZERO(pthread_detach(thread));
    while (started < 1001) sched_yield();
    printf("%d\n", started);
}
