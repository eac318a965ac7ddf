// Removing a set ends the waits for it with EIDRM; a signal ends one with EINTR even with SA_RESTART.
#include "../test.h"
#include <sys/ipc.h>
#include <sys/sem.h>

static int id;
static int64_t result;

static void *wait_for_it(void *argument) {
    (void)argument;
    struct sembuf down = {0, -1, 0};
    errno = 0;
    result = semop(id, &down, 1);
    return (void *)(long)errno;
}

static void nothing(int signal, siginfo_t *info, void *context) { (void)signal, (void)info, (void)context; }

int main(void) {
    id = semget(IPC_PRIVATE, 1, 0600);
    CHECK(id >= 0);
    pthread_t thread = spawn(wait_for_it, NULL);
    while (semctl(id, 0, GETNCNT) != 1) sleep_ms(1);
    CHECK_EQ(semctl(id, 0, IPC_RMID), 0);
    CHECK_EQ((long)join(thread), EIDRM);
    CHECK_EQ(result, -1);
    id = semget(IPC_PRIVATE, 1, 0600);
    handle(SIGUSR1, nothing, SA_RESTART);
    thread = spawn(wait_for_it, NULL);
    while (semctl(id, 0, GETNCNT) != 1) sleep_ms(1);
    pthread_kill(thread, SIGUSR1);
    CHECK_EQ((long)join(thread), EINTR);
    CHECK_EQ(semctl(id, 0, GETNCNT), 0);
    CHECK_EQ(semctl(id, 0, IPC_RMID), 0);
    puts("ok");
}
