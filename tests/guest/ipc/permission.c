// Permission bits and ownership of semaphores and message queues, for another user.
#include "../test.h"
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>

int main(void) {
    if (geteuid() != 0) {
        puts("ok");
        return 0;
    }
    key_t key = 0x50455200 ^ getpid();
    int set = semget(key, 1, IPC_CREAT | 0604), queue = msgget(key, IPC_CREAT | 0602);
    CHECK(set >= 0 && queue >= 0);
    CHECK_EQ(raw(SYS_setresgid, -1, 1234, -1), 0);
    CHECK_EQ(raw(SYS_setresuid, -1, 1234, -1), 0);
    struct sembuf up = {0, 1, 0}, zero = {0, 0, IPC_NOWAIT};
    CHECK_ERRNO(semop(set, &up, 1), EACCES);
    CHECK_EQ(semop(set, &zero, 1), 0);
    CHECK_ERRNO(semctl(set, 0, SETVAL, 1), EACCES);
    CHECK_EQ(semctl(set, 0, GETVAL), 0);
    CHECK_ERRNO(semget(key, 1, 0600), EACCES);
    CHECK_EQ(semget(key, 1, 0400), set);
    CHECK_ERRNO(semctl(set, 0, IPC_RMID), EPERM);
    struct {
        long kind;
        char text[4];
    } message = {1, ""};
    CHECK_EQ(msgsnd(queue, &message, 1, 0), 0);
    CHECK_ERRNO(msgrcv(queue, &message, 4, 0, IPC_NOWAIT), EACCES);
    struct msqid_ds status;
    CHECK_ERRNO(msgctl(queue, IPC_STAT, &status), EACCES);
    CHECK_ERRNO(msgctl(queue, IPC_RMID, NULL), EPERM);
    CHECK_ERRNO(msgget(key, 0400), EACCES);
    // One's own object, given away, can still be changed by who made it.
    int own = semget(IPC_PRIVATE, 1, 0600);
    struct semid_ds set_status;
    CHECK_EQ(semctl(own, 0, IPC_STAT, &set_status), 0);
    set_status.sem_perm.uid = 4321;
    CHECK_EQ(semctl(own, 0, IPC_SET, &set_status), 0);
    CHECK_EQ(semop(own, &up, 1), 0);
    CHECK_EQ(semctl(own, 0, IPC_RMID), 0);
    // Beyond the limit only a privileged user makes a queue larger.
    int mine = msgget(IPC_PRIVATE, 0600);
    CHECK_EQ(msgctl(mine, IPC_STAT, &status), 0);
    status.msg_qbytes = 16385;
    CHECK_ERRNO(msgctl(mine, IPC_SET, &status), EPERM);
    CHECK_EQ(msgctl(mine, IPC_RMID, NULL), 0);
    CHECK_EQ(raw(SYS_setresuid, -1, 0, -1), 0);
    CHECK_EQ(semctl(set, 0, IPC_RMID), 0);
    CHECK_EQ(msgctl(queue, IPC_RMID, NULL), 0);
    puts("ok");
}
