// Mutexes of every kind: mutual exclusion, recursion, error checking, trylock and timed lock.
#include "../test.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long counter;

static void *body(void *unused) {
    for (int i = 0; i < 20000; i++) {
        pthread_mutex_lock(&lock);
        counter++;
        pthread_mutex_unlock(&lock);
    }
    return unused;
}

static void *try_it(void *mutex) {
    struct timespec soon;
    clock_gettime(CLOCK_REALTIME, &soon);
    soon.tv_nsec += 20000000;
    if (soon.tv_nsec >= 1000000000) soon.tv_sec++, soon.tv_nsec -= 1000000000;
    CHECK_EQ(pthread_mutex_trylock(mutex), EBUSY);
    CHECK_EQ(pthread_mutex_timedlock(mutex, &soon), ETIMEDOUT);
    CHECK_EQ(pthread_mutex_unlock(mutex), EPERM);
    return NULL;
}

int main(void) {
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) threads[i] = spawn(body, NULL);
    for (int i = 0; i < 4; i++) join(threads[i]);
    printf("%ld\n", counter);
    pthread_mutexattr_t attribute;
    pthread_mutex_t checked, recursive;
    pthread_mutexattr_init(&attribute);
    pthread_mutexattr_settype(&attribute, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_init(&checked, &attribute);
    pthread_mutexattr_settype(&attribute, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&recursive, &attribute);
    CHECK_ZERO(pthread_mutex_lock(&checked));
    CHECK_EQ(pthread_mutex_lock(&checked), EDEADLK);
    join(spawn(try_it, &checked));
    CHECK_ZERO(pthread_mutex_lock(&recursive));
    CHECK_ZERO(pthread_mutex_lock(&recursive));
    join(spawn(try_it, &recursive));
    CHECK_ZERO(pthread_mutex_unlock(&recursive));
    CHECK_ZERO(pthread_mutex_unlock(&recursive));
    CHECK_EQ(pthread_mutex_unlock(&recursive), EPERM);
}
