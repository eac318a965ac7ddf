// Process-shared barrier and read-write lock.
#include "../test.h"

struct shared {
    pthread_barrier_t barrier;
    pthread_rwlock_t lock;
    _Atomic int serial, values[2];
};

int main(void) {
    struct shared *shared = shared_pages(1);
    pthread_barrierattr_t barrier_attributes;
    pthread_rwlockattr_t attributes;
    pid_t children[3];
    CHECK_ZERO(pthread_barrierattr_init(&barrier_attributes));
    CHECK_ZERO(pthread_barrierattr_setpshared(&barrier_attributes, PTHREAD_PROCESS_SHARED));
    CHECK_ZERO(pthread_barrier_init(&shared->barrier, &barrier_attributes, 3));
    CHECK_ZERO(pthread_rwlockattr_init(&attributes));
    CHECK_ZERO(pthread_rwlockattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED));
    CHECK_ZERO(pthread_rwlock_init(&shared->lock, &attributes));
    for (int i = 0; i < 3; i++) {
        children[i] = fork_child();
        if (children[i] == 0) {
            for (int n = 0; n < 50; n++) {
                int result = pthread_barrier_wait(&shared->barrier);
                if (result == PTHREAD_BARRIER_SERIAL_THREAD) shared->serial++;
                else CHECK_EQ(result, 0);
                if (i == 0) {
                    CHECK_ZERO(pthread_rwlock_wrlock(&shared->lock));
                    shared->values[0]++;
                    sched_yield();
                    shared->values[1]++;
                } else {
                    CHECK_ZERO(pthread_rwlock_rdlock(&shared->lock));
                    CHECK_EQ(shared->values[0], shared->values[1]);
                }
                CHECK_ZERO(pthread_rwlock_unlock(&shared->lock));
            }
            _exit(0);
        }
    }
    for (int i = 0; i < 3; i++) CHECK_EXITS(children[i], 0);
    CHECK_EQ(shared->serial, 50);
    CHECK_EQ(shared->values[0], 50);
    puts("ok");
}
