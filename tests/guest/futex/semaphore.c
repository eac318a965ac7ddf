// POSIX semaphores: unnamed ones count, block, and time out.
#include "../test.h"
#include <semaphore.h>

static sem_t items, done;

static void *body(void *unused) {
    for (int i = 0; i < 5000; i++) {
        CHECK(sem_wait(&items) == 0);
        CHECK(sem_post(&done) == 0);
    }
    return unused;
}

int main(void) {
    CHECK(sem_init(&items, 0, 0) == 0);
    CHECK(sem_init(&done, 1, 0) == 0);
    pthread_t threads[2] = {spawn(body, NULL), spawn(body, NULL)};
    for (int i = 0; i < 10000; i++) CHECK(sem_post(&items) == 0);
    for (int i = 0; i < 10000; i++) CHECK(sem_wait(&done) == 0);
    join(threads[0]);
    join(threads[1]);
    CHECK_ERRNO(sem_trywait(&items), EAGAIN);
    struct timespec soon;
    clock_gettime(CLOCK_REALTIME, &soon);
    soon.tv_sec -= 1;
    CHECK_ERRNO(sem_timedwait(&items, &soon), ETIMEDOUT);
    int value;
    CHECK(sem_getvalue(&done, &value) == 0);
    printf("%d\n", value);
}
