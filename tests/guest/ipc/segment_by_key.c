// shmget by key from two processes: one segment; IPC_EXCL, sizes, rights of another user.
#include "../test.h"
#include <sys/shm.h>

int main(void) {
    key_t key = 0x4c000000 | getpid();
    CHECK_ERRNO(shmget(key, PAGE, 0600), ENOENT);
    int id = shmget(key, PAGE, IPC_CREAT | IPC_EXCL | 0600);
    CHECK(id >= 0);
    int *shared = shmat(id, NULL, 0);
    pid_t child = fork_child();
    if (child == 0) {
        CHECK_EQ(shmget(key, PAGE, 0600), id);
        CHECK_EQ(shmget(key, 0, IPC_CREAT), id);
        CHECK_ERRNO(shmget(key, PAGE, IPC_CREAT | IPC_EXCL | 0600), EEXIST);
        CHECK_ERRNO(shmget(key, 2 * PAGE, 0600), EINVAL);
        int *second = shmat(id, NULL, 0), *read_only = shmat(id, NULL, SHM_RDONLY);
        CHECK(second != (void *)-1 && read_only != (void *)-1 && second != shared);
        *second = 3;
        CHECK_EQ(*read_only, 3);
        if (geteuid() == 0) {
            CHECK(setresgid(65534, 65534, 65534) == 0 && setresuid(65534, 65534, 65534) == 0);
            CHECK_ERRNO((long)shmat(id, NULL, 0), EACCES);
            CHECK_ERRNO(shmctl(id, IPC_RMID, NULL), EPERM);
            CHECK_ERRNO(shmget(key, PAGE, 0600), EACCES);
        }
        _exit(0);
    }
    int status = status_of(child);
    CHECK(shmctl(id, IPC_RMID, NULL) == 0);
    CHECK_EQ(status, 0);
    CHECK_EQ(*shared, 3);
    // A removed segment has no key any more.
    CHECK_ERRNO(shmget(key, PAGE, 0600), ENOENT);
    puts("ok");
}
