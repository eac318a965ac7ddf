// A process-shared mutex excludes processes; error-checking and timed variants tell about owners elsewhere.
#include "../test.h"

struct shared {
    pthread_mutex_t mutex;
    long counter;
};

int main(void) {
    struct shared *shared = shared_pages(1);
    pthread_mutexattr_t attributes;
    pid_t children[3];
    CHECK_ZERO(pthread_mutexattr_init(&attributes));
    CHECK_ZERO(pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED));
    CHECK_ZERO(pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK));
    CHECK_ZERO(pthread_mutex_init(&shared->mutex, &attributes));
    for (int i = 0; i < 3; i++) {
        children[i] = fork_child();
        if (children[i] == 0) {
            for (int n = 0; n < 5000; n++) {
                CHECK_ZERO(pthread_mutex_lock(&shared->mutex));
                long value = shared->counter;
                if (n % 100 == 0) sched_yield();
                shared->counter = value + 1;
                CHECK_ZERO(pthread_mutex_unlock(&shared->mutex));
            }
            _exit(0);
        }
    }
    for (int i = 0; i < 3; i++) CHECK_EXITS(children[i], 0);
    CHECK_EQ(shared->counter, 15000);
    CHECK_ZERO(pthread_mutex_lock(&shared->mutex));
    pid_t child = fork_child();
    if (child == 0) {
        struct timespec soon;
        CHECK_EQ(pthread_mutex_trylock(&shared->mutex), EBUSY);
        CHECK_EQ(pthread_mutex_unlock(&shared->mutex), EPERM);
        CHECK(clock_gettime(CLOCK_REALTIME, &soon) == 0);
        CHECK_EQ(pthread_mutex_timedlock(&shared->mutex, &soon), ETIMEDOUT);
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    CHECK_EQ(pthread_mutex_lock(&shared->mutex), EDEADLK);
    puts("ok");
}
