// Deferred cancellation wakes a thread blocked in read, in a condition wait and in nanosleep, and runs
// the cleanup handlers.
#include "../test.h"

static int ends[2];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
static _Atomic int tid, cleaned;

static void clean(void *unused) {
    (void)unused;
    cleaned++;
}

static void *reader(void *unused) {
    char byte;
    pthread_cleanup_push(clean, unused);
    tid = gettid();
    CHECK(read(ends[0], &byte, 1) == 1);
    pthread_cleanup_pop(0);
    return NULL;
}

static void unlock(void *unused) {
    clean(unused);
    pthread_mutex_unlock(&lock);
}

static void *waiter(void *unused) {
    pthread_mutex_lock(&lock);
    pthread_cleanup_push(unlock, unused);
    tid = gettid();
    for (;;) pthread_cond_wait(&never, &lock);
    pthread_cleanup_pop(0);
    return NULL;
}

static void *sleeper(void *unused) {
    pthread_cleanup_push(clean, unused);
    tid = gettid();
    sleep(1000);
    pthread_cleanup_pop(0);
    return NULL;
}

int main(void) {
    CHECK(pipe(ends) == 0);
    void *(*bodies[])(void *) = {reader, waiter, sleeper};
    for (size_t i = 0; i < COUNT(bodies); i++) {
        tid = 0;
        pthread_t thread = spawn(bodies[i], NULL);
        while (!tid) sched_yield();
        wait_until_asleep(tid);
        CHECK_ZERO(pthread_cancel(thread));
        CHECK(join(thread) == PTHREAD_CANCELED);
    }
    CHECK_ZERO(pthread_mutex_lock(&lock));
    printf("%d\n", cleaned);
}
