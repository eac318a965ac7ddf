// Sleepers wake in the order of their deadlines, whatever the order in which they went to sleep.
#include "../test.h"

static _Atomic int next;
static int order[5];

static void *sleeper(void *argument) {
    long i = (long)argument;
    sleep_ms(50 + 60 * i);
    order[next++] = (int)i;
    return NULL;
}

int main(void) {
    pthread_t threads[5];
    long start[] = {3, 0, 4, 1, 2};
    for (int i = 0; i < 5; i++) threads[i] = spawn(sleeper, (void *)start[i]);
    for (int i = 0; i < 5; i++) join(threads[i]);
    for (int i = 0; i < 5; i++) printf("%d ", order[i]);
    puts("");
}
