// Read-write locks, barriers and spin locks.
#include "../test.h"

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t barrier;
static pthread_spinlock_t spin;
static long a, b, spun;
static _Atomic int serial;

static void *body(void *argument) {
    for (int i = 0; i < 3000; i++) {
        if (i % 4 == (long)argument) {
            pthread_rwlock_wrlock(&lock);
            a++, b++;
            pthread_rwlock_unlock(&lock);
        } else {
            pthread_rwlock_rdlock(&lock);
            CHECK_EQ(a, b);
            pthread_rwlock_unlock(&lock);
        }
        if (i % 100 == 0 && pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD) serial++;
        pthread_spin_lock(&spin);
        spun++;
        pthread_spin_unlock(&spin);
    }
    return NULL;
}

int main(void) {
    pthread_t threads[4];
    pthread_barrier_init(&barrier, NULL, 4);
    pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    for (long i = 0; i < 4; i++) threads[i] = spawn(body, (void *)i);
    for (int i = 0; i < 4; i++) join(threads[i]);
    printf("%ld %d %ld\n", a, serial, spun);
    CHECK_ZERO(pthread_rwlock_wrlock(&lock));
    CHECK_EQ(pthread_rwlock_rdlock(&lock), EDEADLK);
    CHECK_EQ(pthread_rwlock_trywrlock(&lock), EBUSY);
}
