// Threads wait for values, are counted, and are served in order by whoever changes the set.
#include "../test.h"
#include <sys/ipc.h>
#include <sys/sem.h>

static int id;
static volatile pid_t tids[4];
static volatile int order[4], served;

static void *take(void *argument) {
    long me = (long)argument;
    tids[me] = gettid();
    struct sembuf down = {0, -1, 0};
    CHECK_EQ(semop(id, &down, 1), 0);
    order[__atomic_fetch_add(&served, 1, __ATOMIC_SEQ_CST)] = me;
    struct sembuf done = {1, 1, 0};
    CHECK_EQ(semop(id, &done, 1), 0);
    return NULL;
}

static void *until_zero(void *argument) {
    (void)argument;
    tids[3] = gettid();
    struct sembuf zero[2] = {{2, 0, 0}, {1, 1, 0}};
    CHECK_EQ(semop(id, zero, 2), 0);
    return NULL;
}

int main(void) {
    id = semget(IPC_PRIVATE, 3, 0600);
    CHECK(id >= 0);
    CHECK_EQ(semctl(id, 2, SETVAL, 1), 0);
    pthread_t threads[4];
    for (long i = 0; i < 3; i++) {
        threads[i] = spawn(take, (void *)i);
        while (semctl(id, 0, GETNCNT) != i + 1) sleep_ms(1);
    }
    threads[3] = spawn(until_zero, NULL);
    while (semctl(id, 2, GETZCNT) != 1) sleep_ms(1);
    CHECK_EQ(semctl(id, 2, GETNCNT), 0);
    CHECK_EQ(semctl(id, 1, GETNCNT), 0);
    // What is given is given to who waits: nobody who comes later gets it.
    struct sembuf up_and_down[2] = {{0, 1, 0}, {0, -1, IPC_NOWAIT}}, up = {0, 1, 0}, down = {0, -1, IPC_NOWAIT};
    CHECK_EQ(semop(id, up_and_down, 2), 0);
    CHECK_EQ(semctl(id, 0, GETNCNT), 3);
    for (int i = 0; i < 3; i++) {
        CHECK_EQ(semop(id, &up, 1), 0);
        CHECK_ERRNO(semop(id, &down, 1), EAGAIN);
        struct sembuf one = {1, -1, 0};
        CHECK_EQ(semop(id, &one, 1), 0);
    }
    CHECK_EQ(semctl(id, 2, SETVAL, 0), 0);
    struct sembuf one = {1, -1, 0};
    CHECK_EQ(semop(id, &one, 1), 0);
    for (int i = 0; i < 4; i++) join(threads[i]);
    printf("%d %d %d\n", order[0], order[1], order[2]);
    CHECK_EQ(semctl(id, 0, IPC_RMID), 0);
}
