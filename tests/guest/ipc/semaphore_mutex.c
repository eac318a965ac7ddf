// Many threads use a semaphore as a lock, some with SEM_UNDO: the counter is exact.
#include "../test.h"
#include <sys/ipc.h>
#include <sys/sem.h>

static int id;
static volatile long counter;

static void *work(void *argument) {
    short flags = (long)argument % 2 ? SEM_UNDO : 0;
    struct sembuf down = {0, -1, flags}, up = {0, 1, flags};
    for (int i = 0; i < 2000; i++) {
        CHECK_EQ(semop(id, &down, 1), 0);
        long seen = counter;
        if (i % 64 == 0) sched_yield();
        counter = seen + 1;
        CHECK_EQ(semop(id, &up, 1), 0);
    }
    return NULL;
}

int main(void) {
    id = semget(IPC_PRIVATE, 1, 0600);
    CHECK(id >= 0 && semctl(id, 0, SETVAL, 1) == 0);
    pthread_t threads[6];
    for (long i = 0; i < 6; i++) threads[i] = spawn(work, (void *)i);
    for (int i = 0; i < 6; i++) join(threads[i]);
    printf("%ld %d\n", counter, semctl(id, 0, GETVAL));
    CHECK_EQ(semctl(id, 0, IPC_RMID), 0);
}
