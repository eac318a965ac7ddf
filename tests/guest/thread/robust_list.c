// A thread that dies holding a robust mutex: the next locker gets EOWNERDEAD, makes it consistent, goes
// on; without that it becomes unusable.
#include "../test.h"

static pthread_mutex_t lock;

static void *die_holding(void *unused) {
    (void)unused;
    CHECK_ZERO(pthread_mutex_lock(&lock));
    return NULL;
}

static void *wait_for_it(void *unused) {
    (void)unused;
    return (void *)(long)pthread_mutex_lock(&lock);
}

static _Atomic int go;

static void *hold_then_die(void *unused) {
    (void)unused;
    CHECK_ZERO(pthread_mutex_lock(&lock));
    go = 1;
    sleep_ms(50);
    return NULL;
}

int main(void) {
    pthread_mutexattr_t attribute;
    CHECK_ZERO(pthread_mutexattr_init(&attribute));
    CHECK_ZERO(pthread_mutexattr_setrobust(&attribute, PTHREAD_MUTEX_ROBUST));
    CHECK_ZERO(pthread_mutex_init(&lock, &attribute));
    join(spawn(die_holding, NULL));
    CHECK_EQ(pthread_mutex_lock(&lock), EOWNERDEAD);
    CHECK_ZERO(pthread_mutex_consistent(&lock));
    CHECK_ZERO(pthread_mutex_unlock(&lock));
    pthread_t holder = spawn(hold_then_die, NULL);
    while (!go) sched_yield();
    pthread_t waiter = spawn(wait_for_it, NULL);
    CHECK_EQ((long)join(waiter), EOWNERDEAD);
    join(holder);
    CHECK_EQ(pthread_mutex_lock(&lock), EOWNERDEAD);
    CHECK_ZERO(pthread_mutex_unlock(&lock));
    CHECK_EQ(pthread_mutex_lock(&lock), ENOTRECOVERABLE);
    puts("ok");
}
