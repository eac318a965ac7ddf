// A set of semaphores: made, found by key, read and set in all ways, and removed.
#include "../test.h"
#include <sys/ipc.h>
#include <sys/sem.h>

union argument {
    int val;
    struct semid_ds *buf;
    unsigned short *array;
};

int main(void) {
    key_t key = 0x53454d00 ^ getpid();
    CHECK_ERRNO(semget(key, 3, 0600), ENOENT);
    CHECK_ERRNO(semget(key, 0, IPC_CREAT | 0600), EINVAL);
    CHECK_ERRNO(semget(key, -1, IPC_CREAT | 0600), EINVAL);
    CHECK_ERRNO(semget(key, 32001, IPC_CREAT | 0600), EINVAL);
    int id = semget(key, 3, IPC_CREAT | IPC_EXCL | 0640);
    CHECK(id >= 0);
    CHECK_ERRNO(semget(key, 3, IPC_CREAT | IPC_EXCL | 0600), EEXIST);
    CHECK_EQ(semget(key, 2, IPC_CREAT | 0600), id);
    CHECK_EQ(semget(key, 0, 0), id);
    CHECK_ERRNO(semget(key, 4, 0600), EINVAL);
    int other = semget(IPC_PRIVATE, 1, 0600);
    CHECK(other >= 0 && other != id);

    union argument argument = {.val = 5};
    CHECK_EQ(semctl(id, 1, SETVAL, argument), 0);
    CHECK_EQ(semctl(id, 1, GETVAL), 5);
    CHECK_EQ(semctl(id, 1, GETPID), getpid());
    CHECK_EQ(semctl(id, 0, GETPID), 0);
    argument.val = 32768;
    CHECK_ERRNO(semctl(id, 1, SETVAL, argument), ERANGE);
    argument.val = -1;
    CHECK_ERRNO(semctl(id, 1, SETVAL, argument), ERANGE);
    argument.val = 0;
    CHECK_ERRNO(semctl(id, 3, SETVAL, argument), EINVAL);
    CHECK_ERRNO(semctl(id, -1, GETVAL), EINVAL);
    CHECK_ERRNO(semctl(id, 3, GETVAL), EINVAL);
    CHECK_ERRNO(semctl(id, 0, 77), EINVAL);

    unsigned short values[3] = {7, 0, 32767}, got[3] = {0};
    argument.array = values;
    CHECK_EQ(semctl(id, 0, SETALL, argument), 0);
    argument.array = got;
    CHECK_EQ(semctl(id, 0, GETALL, argument), 0);
    printf("%u %u %u\n", got[0], got[1], got[2]);
    values[2] = 32768;
    argument.array = values;
    CHECK_ERRNO(semctl(id, 0, SETALL, argument), ERANGE);
    argument.array = (void *)hole(1);
    CHECK_ERRNO(semctl(id, 0, SETALL, argument), EFAULT);
    CHECK_ERRNO(semctl(id, 0, GETALL, argument), EFAULT);

    struct semid_ds status;
    argument.buf = &status;
    CHECK_EQ(semctl(id, 0, IPC_STAT, argument), 0);
    CHECK_EQ(status.sem_perm.__key, key);
    CHECK_EQ(status.sem_perm.mode, 0640);
    CHECK_EQ(status.sem_perm.uid, geteuid());
    CHECK_EQ(status.sem_perm.cgid, getegid());
    CHECK_EQ(status.sem_nsems, 3);
    CHECK_EQ(status.sem_otime, 0);
    CHECK(status.sem_ctime > 1000000000);
    status.sem_perm.mode = 0600;
    CHECK_EQ(semctl(id, 0, IPC_SET, argument), 0);
    memset(&status, 0, sizeof status);
    CHECK_EQ(semctl(id, 0, IPC_STAT, argument), 0);
    CHECK_EQ(status.sem_perm.mode, 0600);

    CHECK_EQ(semctl(other, 0, IPC_RMID), 0);
    CHECK_ERRNO(semctl(other, 0, IPC_RMID), EINVAL);
    CHECK_EQ(semctl(id, 0, IPC_RMID), 0);
    CHECK_ERRNO(semctl(id, 0, IPC_STAT, argument), EINVAL);
    CHECK_ERRNO(semget(key, 3, 0600), ENOENT);
    CHECK_ERRNO(semctl(-1, 0, IPC_RMID), EINVAL);
}
