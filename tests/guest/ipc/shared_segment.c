// A shared memory segment: made, attached twice, seen through both, detached and removed with its last attachment.
#include "../test.h"
#include <sys/ipc.h>
#include <sys/shm.h>

static struct shmid_ds segment_status(int id) {
    struct shmid_ds status;
    CHECK_EQ(shmctl(id, IPC_STAT, &status), 0);
    return status;
}

int main(void) {
    key_t key = 0x53484d00 ^ getpid();
    CHECK_ERRNO(shmget(key, 5000, 0600), ENOENT);
    CHECK_ERRNO(shmget(key, 0, IPC_CREAT | 0600), EINVAL);
    int id = shmget(key, 5000, IPC_CREAT | IPC_EXCL | 0640);
    CHECK(id >= 0);
    CHECK_ERRNO(shmget(key, 5000, IPC_CREAT | IPC_EXCL | 0600), EEXIST);
    CHECK_EQ(shmget(key, 100, 0), id);
    CHECK_ERRNO(shmget(key, 5001, 0), EINVAL);
    struct shmid_ds status = segment_status(id);
    CHECK_EQ(status.shm_segsz, 5000);
    CHECK_EQ(status.shm_nattch, 0);
    CHECK_EQ(status.shm_cpid, getpid());
    CHECK_EQ(status.shm_lpid, 0);
    CHECK_EQ(status.shm_perm.mode, 0640);
    CHECK(status.shm_atime == 0 && status.shm_dtime == 0 && status.shm_ctime > 0);
    char *one = shmat(id, NULL, 0), *two = shmat(id, NULL, 0);
    CHECK(one != (void *)-1 && two != (void *)-1 && one != two);
    CHECK_EQ(one[0] + one[4999] + one[8191], 0);
    strcpy(one + 4990, "hello");
    puts(two + 4990);
    status = segment_status(id);
    CHECK_EQ(status.shm_nattch, 2);
    CHECK_EQ(status.shm_lpid, getpid());
    CHECK(status.shm_atime > 0);
    CHECK_EQ(shmdt(one), 0);
    CHECK_ERRNO(shmdt(one), EINVAL);
    CHECK_ERRNO(shmdt(two + 1), EINVAL);
    CHECK_ERRNO(shmdt(two + PAGE), EINVAL);
    status = segment_status(id);
    CHECK_EQ(status.shm_nattch, 1);
    CHECK(status.shm_dtime > 0);
    // Removed: no longer found by its key, but there until the last attachment goes.
    CHECK_EQ(shmctl(id, IPC_RMID, NULL), 0);
    CHECK_ERRNO(shmget(key, 100, 0), ENOENT);
    status = segment_status(id);
    CHECK_EQ(status.shm_perm.mode, 0640 | SHM_DEST);
    CHECK_EQ(status.shm_perm.__key, IPC_PRIVATE);
    one = shmat(id, NULL, SHM_RDONLY);
    CHECK(one != (void *)-1);
    puts(one + 4990);
    CHECK_EQ(shmdt(one), 0);
    CHECK_EQ(munmap(two, 8192), 0);
    CHECK_ERRNO(shmctl(id, IPC_STAT, &status), EINVAL);
    CHECK_ERRNO((long)shmat(id, NULL, 0), EINVAL);
    // Without attachments it goes at once.
    id = shmget(IPC_PRIVATE, 1, 0600);
    CHECK_EQ(shmctl(id, IPC_RMID, NULL), 0);
    CHECK_ERRNO(shmctl(id, IPC_STAT, &status), EINVAL);
    CHECK_ERRNO(shmctl(-1, IPC_RMID, NULL), EINVAL);
    CHECK_ERRNO(shmctl(id, 99, NULL), EINVAL);
}
