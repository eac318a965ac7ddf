// Condition variables: signal wakes at least one, broadcast all, a timed wait times out on its clock.
#include "../test.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER, emptied = PTHREAD_COND_INITIALIZER;
static int queue[4], length, total;

static void *consumer(void *unused) {
    for (;;) {
        pthread_mutex_lock(&lock);
        while (!length) pthread_cond_wait(&filled, &lock);
        int item = queue[0];
        memmove(queue, queue + 1, sizeof *queue * (size_t)--length);
        if (item > 0) total += item;
        pthread_cond_signal(&emptied);
        pthread_mutex_unlock(&lock);
        if (item < 0) return unused;
    }
}

static void put(int item) {
    pthread_mutex_lock(&lock);
    while (length == 4) pthread_cond_wait(&emptied, &lock);
    queue[length++] = item;
    pthread_cond_broadcast(&filled);
    pthread_mutex_unlock(&lock);
}

int main(void) {
    pthread_t threads[3];
    for (int i = 0; i < 3; i++) threads[i] = spawn(consumer, NULL);
    for (int i = 1; i <= 2000; i++) put(i);
    for (int i = 0; i < 3; i++) put(-1);
    for (int i = 0; i < 3; i++) join(threads[i]);
    printf("%d\n", total);
    struct timespec soon;
    clock_gettime(CLOCK_MONOTONIC, &soon);
    pthread_mutex_lock(&lock);
    CHECK_EQ(pthread_cond_clockwait(&filled, &lock, CLOCK_MONOTONIC, &soon), ETIMEDOUT);
    clock_gettime(CLOCK_REALTIME, &soon);
    CHECK_EQ(pthread_cond_timedwait(&filled, &lock, &soon), ETIMEDOUT);
    pthread_mutex_unlock(&lock);
}
