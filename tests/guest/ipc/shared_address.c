// Where a segment is attached: at an address, rounded, in place of something, or nowhere.
#include "../test.h"
#include <sys/ipc.h>
#include <sys/shm.h>

#ifndef SHM_REMAP
#define SHM_REMAP 040000
#endif

int main(void) {
    int id = shmget(IPC_PRIVATE, 2 * PAGE, 0600);
    CHECK(id >= 0);
    char *taken = map_pages(4), *free_pages = hole(4);
    CHECK_EQ((long)shmat(id, free_pages, 0), (long)free_pages);
    free_pages[PAGE] = 'x';
    CHECK_EQ(shmdt(free_pages), 0);
    CHECK_ERRNO((long)shmat(id, free_pages + 1, 0), EINVAL);
    CHECK_EQ((long)shmat(id, free_pages + PAGE + 5, SHM_RND), (long)free_pages + PAGE);
    CHECK_EQ(free_pages[2 * PAGE], 'x');
    CHECK_EQ(shmdt(free_pages + PAGE), 0);
    taken[0] = taken[2 * PAGE] = 'o';
    CHECK_ERRNO((long)shmat(id, taken, 0), EINVAL);
    CHECK_EQ((long)shmat(id, taken, SHM_REMAP), (long)taken);
    CHECK_EQ(taken[PAGE], 'x');
    CHECK_EQ(taken[2 * PAGE], 'o');
    CHECK_ERRNO((long)shmat(id, NULL, SHM_REMAP), EINVAL);
    // Attached twice at the same place: the first is gone.
    CHECK_EQ((long)shmat(id, taken, SHM_REMAP), (long)taken);
    struct shmid_ds status;
    CHECK_EQ(shmctl(id, IPC_STAT, &status), 0);
    CHECK_EQ(status.shm_nattch, 1);
    // With a hole in it, an attachment is detached as a whole.
    CHECK_EQ(munmap(taken, PAGE), 0);
    CHECK_ERRNO(shmdt(taken + PAGE), EINVAL);
    CHECK_EQ(shmdt(taken), 0);
    CHECK_EQ(shmctl(id, IPC_STAT, &status), 0);
    CHECK_EQ(status.shm_nattch, 0);
    CHECK_EQ(shmctl(id, IPC_RMID, NULL), 0);
    puts("ok");
}
