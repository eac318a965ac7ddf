// Private futexes, mutexes and condition variables in copied memory are each process's own.
#include "../test.h"
#include <linux/futex.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static int word, ready;

static void *wait_for_word(void *unused) {
    while (__atomic_load_n(&word, __ATOMIC_SEQ_CST) == 0) raw(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, NULL);
    return unused;
}

static void *announce(void *unused) {
    CHECK_ZERO(pthread_mutex_lock(&mutex));
    ready = 1;
    CHECK_ZERO(pthread_cond_signal(&condition));
    CHECK_ZERO(pthread_mutex_unlock(&mutex));
    return unused;
}

int main(void) {
    pthread_t waiter = spawn(wait_for_word, NULL);
    pid_t child = fork_child();
    if (child == 0) {
        // Nobody waits in this copy: the parent's waiter is not woken.
        CHECK_EQ(raw(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 100), 0);
        CHECK_ZERO(pthread_mutex_lock(&mutex));
        pthread_t thread = spawn(announce, NULL);
        while (!ready) CHECK_ZERO(pthread_cond_wait(&condition, &mutex));
        CHECK_ZERO(pthread_mutex_unlock(&mutex));
        join(thread);
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    CHECK_EQ(word, 0);
    CHECK_EQ(ready, 0);
    CHECK_ZERO(pthread_mutex_trylock(&mutex));
    __atomic_store_n(&word, 1, __ATOMIC_SEQ_CST);
    raw(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1);
    join(waiter);
    puts("ok");
}
