// semop performs all operations or none, and says why it performs none.
#include "../test.h"
#include <sys/ipc.h>
#include <sys/sem.h>

static int id;

static int value(int index) { return semctl(id, index, GETVAL); }

int main(void) {
    id = semget(IPC_PRIVATE, 2, 0600);
    CHECK(id >= 0);
    struct sembuf both[2] = {{0, 3, 0}, {1, 2, 0}};
    CHECK_EQ(semop(id, both, 2), 0);
    CHECK_EQ(value(0) * 10 + value(1), 32);
    struct sembuf fails[2] = {{0, -1, 0}, {1, -3, IPC_NOWAIT}};
    CHECK_ERRNO(semop(id, fails, 2), EAGAIN);
    CHECK_EQ(value(0) * 10 + value(1), 32);
    // The first operation alone would wait; only the one that waits is asked whether it fails.
    struct sembuf zero[1] = {{0, 0, IPC_NOWAIT}};
    CHECK_ERRNO(semop(id, zero, 1), EAGAIN);
    // Operations are performed in order: the value may pass through others on its way.
    struct sembuf through[4] = {{0, -3, 0}, {0, 0, 0}, {0, 4, 0}, {1, -2, 0}};
    CHECK_EQ(semop(id, through, 4), 0);
    CHECK_EQ(value(0) * 10 + value(1), 40);
    struct sembuf large[1] = {{1, 32767, 0}}, more[2] = {{0, -1, 0}, {1, 1, 0}};
    CHECK_EQ(semop(id, large, 1), 0);
    CHECK_ERRNO(semop(id, more, 2), ERANGE);
    CHECK_EQ(value(0), 4);
    struct sembuf outside[1] = {{2, 1, 0}};
    CHECK_ERRNO(semop(id, outside, 1), EFBIG);
    CHECK_ERRNO(semop(id, both, 0), EINVAL);
    static struct sembuf many[501];
    CHECK_ERRNO(semop(id, many, 501), E2BIG);
    CHECK_ERRNO(semop(id, (void *)hole(1), 1), EFAULT);
    CHECK_ERRNO(semop(-1, both, 1), EINVAL);
    CHECK_ERRNO(semop(id + 1, both, 1), EINVAL);
    struct semid_ds status;
    CHECK_EQ(semctl(id, 0, IPC_STAT, &status), 0);
    CHECK(status.sem_otime > 1000000000);
    // Times out.
    struct sembuf waits[1] = {{0, -5, 0}};
    struct timespec shortly = {0, 30000000}, none = {0, 0}, bad = {0, 1000000000};
    int64_t start = now_ns(CLOCK_MONOTONIC);
    CHECK_ERRNO(semtimedop(id, waits, 1, &shortly), EAGAIN);
    CHECK(now_ns(CLOCK_MONOTONIC) - start >= 30000000);
    CHECK_ERRNO(semtimedop(id, waits, 1, &none), EAGAIN);
    CHECK_ERRNO(semtimedop(id, waits, 1, &bad), EINVAL);
    CHECK_EQ(semctl(id, 0, IPC_RMID), 0);
    puts("ok");
}
