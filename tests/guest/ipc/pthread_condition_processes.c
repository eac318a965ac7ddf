// A process-shared condition variable wakes waiters in other processes, one by signal, all by broadcast.
#include "../test.h"

struct shared {
    pthread_mutex_t mutex;
    pthread_cond_t condition, answered;
    int waiting, tickets, woken;
};

int main(void) {
    struct shared *shared = shared_pages(1);
    pthread_mutexattr_t mutex_attributes;
    pthread_condattr_t attributes;
    CHECK_ZERO(pthread_mutexattr_init(&mutex_attributes));
    CHECK_ZERO(pthread_mutexattr_setpshared(&mutex_attributes, PTHREAD_PROCESS_SHARED));
    CHECK_ZERO(pthread_mutex_init(&shared->mutex, &mutex_attributes));
    CHECK_ZERO(pthread_condattr_init(&attributes));
    CHECK_ZERO(pthread_condattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED));
    CHECK_ZERO(pthread_cond_init(&shared->condition, &attributes));
    CHECK_ZERO(pthread_cond_init(&shared->answered, &attributes));
    pid_t children[3];
    for (int i = 0; i < 3; i++) {
        children[i] = fork_child();
        if (children[i] == 0) {
            CHECK_ZERO(pthread_mutex_lock(&shared->mutex));
            shared->waiting++;
            CHECK_ZERO(pthread_cond_signal(&shared->answered));
            while (shared->tickets == 0) CHECK_ZERO(pthread_cond_wait(&shared->condition, &shared->mutex));
            shared->tickets--;
            shared->woken++;
            CHECK_ZERO(pthread_cond_signal(&shared->answered));
            CHECK_ZERO(pthread_mutex_unlock(&shared->mutex));
            _exit(0);
        }
    }
    CHECK_ZERO(pthread_mutex_lock(&shared->mutex));
    while (shared->waiting < 3) CHECK_ZERO(pthread_cond_wait(&shared->answered, &shared->mutex));
    shared->tickets = 1;
    CHECK_ZERO(pthread_cond_signal(&shared->condition));
    while (shared->woken < 1) CHECK_ZERO(pthread_cond_wait(&shared->answered, &shared->mutex));
    shared->tickets = 2;
    CHECK_ZERO(pthread_cond_broadcast(&shared->condition));
    while (shared->woken < 3) CHECK_ZERO(pthread_cond_wait(&shared->answered, &shared->mutex));
    CHECK_ZERO(pthread_mutex_unlock(&shared->mutex));
    for (int i = 0; i < 3; i++) CHECK_EXITS(children[i], 0);
    puts("ok");
}
