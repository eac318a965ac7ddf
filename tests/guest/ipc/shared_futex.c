// A process-shared mutex and condition in a segment, used by threads through two attachments of it.
#include "../test.h"
#include <sys/ipc.h>
#include <sys/shm.h>

struct shared {
    pthread_mutex_t lock;
    pthread_cond_t turned;
    int turn;
};

static struct shared *views[2];

static void *play(void *argument) {
    long me = (long)argument;
    struct shared *shared = views[me];
    for (int i = 0; i < 1000; i++) {
        CHECK_ZERO(pthread_mutex_lock(&shared->lock));
        while (shared->turn % 2 != me) CHECK_ZERO(pthread_cond_wait(&shared->turned, &shared->lock));
        shared->turn++;
        CHECK_ZERO(pthread_cond_signal(&shared->turned));
        CHECK_ZERO(pthread_mutex_unlock(&shared->lock));
    }
    return NULL;
}

int main(void) {
    int id = shmget(IPC_PRIVATE, sizeof(struct shared), 0600);
    for (int i = 0; i < 2; i++) CHECK((views[i] = shmat(id, NULL, 0)) != (void *)-1);
    CHECK_EQ(shmctl(id, IPC_RMID, NULL), 0);
    pthread_mutexattr_t mutex;
    pthread_condattr_t condition;
    pthread_mutexattr_init(&mutex), pthread_condattr_init(&condition);
    pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_SHARED);
    pthread_condattr_setpshared(&condition, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&views[0]->lock, &mutex), pthread_cond_init(&views[0]->turned, &condition);
    pthread_t threads[2] = {spawn(play, (void *)0), spawn(play, (void *)1)};
    join(threads[0]), join(threads[1]);
    printf("%d\n", views[1]->turn);
}
