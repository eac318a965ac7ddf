// Message queues and semaphore sets by key: the same number in another process, EEXIST, and EACCES for another user.
#include "../test.h"
#include <sys/msg.h>
#include <sys/sem.h>

int main(void) {
    key_t key = 0x4d000000 | getpid();
    int queue = msgget(key, IPC_CREAT | IPC_EXCL | 0600), set = semget(key, 2, IPC_CREAT | IPC_EXCL | 0600);
    CHECK(queue >= 0 && set >= 0);
    pid_t child = fork_child();
    if (child == 0) {
        CHECK_EQ(msgget(key, 0), queue);
        CHECK_EQ(semget(key, 0, 0), set);
        CHECK_ERRNO(msgget(key, IPC_CREAT | IPC_EXCL), EEXIST);
        CHECK_ERRNO(semget(key, 3, 0), EINVAL);
        if (geteuid() == 0) {
            CHECK(setresgid(65534, 65534, 65534) == 0 && setresuid(65534, 65534, 65534) == 0);
            CHECK_ERRNO(msgget(key, 0600), EACCES);
            CHECK_ERRNO(semget(key, 0, 0600), EACCES);
            CHECK_ERRNO(msgctl(queue, IPC_RMID, NULL), EPERM);
            CHECK_ERRNO(semctl(set, 0, GETVAL), EACCES);
            CHECK_ERRNO(msgrcv(queue, &(long[2]){0}, 8, 0, IPC_NOWAIT), EACCES);
        }
        _exit(0);
    }
    int status = status_of(child);
    CHECK(msgctl(queue, IPC_RMID, NULL) == 0 && semctl(set, 0, IPC_RMID) == 0);
    CHECK_EQ(status, 0);
    CHECK_ERRNO(msgget(key, 0), ENOENT);
    puts("ok");
}
