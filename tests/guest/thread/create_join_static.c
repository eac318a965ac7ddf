// build: -static
// The same library in a static program: threads with thread-local storage.
#include "../test.h"

static __thread int local = 5;

static void *body(void *argument) {
    CHECK_EQ(local, 5);
    local = (int)(long)argument;
    sched_yield();
    return (void *)(long)local;
}

int main(void) {
    pthread_t threads[16];
    for (long i = 0; i < 16; i++) threads[i] = spawn(body, (void *)i);
    for (long i = 0; i < 16; i++) CHECK_EQ((long)join(threads[i]), i);
    CHECK_EQ(local, 5);
    puts("ok");
}
