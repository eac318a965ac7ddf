// sem_init with pshared: posts and waits between processes, the value, timeouts.
#include "../test.h"
#include <semaphore.h>

int main(void) {
    sem_t *semaphores = shared_pages(1);
    int value;
    CHECK(sem_init(&semaphores[0], 1, 0) == 0 && sem_init(&semaphores[1], 1, 0) == 0);
    pid_t child = fork_child();
    if (child == 0) {
        for (int i = 0; i < 1000; i++) {
            CHECK(sem_wait(&semaphores[0]) == 0);
            CHECK(sem_post(&semaphores[1]) == 0);
        }
        _exit(0);
    }
    for (int i = 0; i < 1000; i++) {
        CHECK(sem_post(&semaphores[0]) == 0);
        CHECK(sem_wait(&semaphores[1]) == 0);
    }
    CHECK_EXITS(child, 0);
    CHECK(sem_getvalue(&semaphores[0], &value) == 0 && value == 0);
    CHECK_ERRNO(sem_trywait(&semaphores[0]), EAGAIN);
    struct timespec now;
    CHECK(clock_gettime(CLOCK_REALTIME, &now) == 0);
    CHECK_ERRNO(sem_timedwait(&semaphores[0], &now), ETIMEDOUT);
    child = fork_child();
    if (child == 0) _exit(sem_post(&semaphores[0]) == 0 && sem_post(&semaphores[0]) == 0 ? 0 : 1);
    CHECK_EXITS(child, 0);
    CHECK(sem_getvalue(&semaphores[0], &value) == 0 && value == 2);
    puts("ok");
}
