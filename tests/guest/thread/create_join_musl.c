// build: musl -static
// Threads, thread-local storage, condition variables and cancellation of the musl C library.
#include "../test.h"

static __thread int local = 5;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int turn;

static void *body(void *argument) {
    int mine = (int)(long)argument;
    local = mine;
    pthread_mutex_lock(&lock);
    while (turn != mine) pthread_cond_wait(&changed, &lock);
    turn++;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    return (void *)(long)local;
}

static void *sleeper(void *unused) {
    (void)unused;
    for (;;) pause();
    return NULL;
}

int main(void) {
    pthread_t threads[16];
    for (long i = 15; i >= 0; i--) threads[i] = spawn(body, (void *)i);
    for (long i = 0; i < 16; i++) CHECK_EQ((long)join(threads[i]), i);
    pthread_t thread = spawn(sleeper, NULL);
    CHECK_ZERO(pthread_cancel(thread));
    CHECK(join(thread) == PTHREAD_CANCELED);
    puts("ok");
}
