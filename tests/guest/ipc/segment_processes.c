// System V shared memory between processes: inherited by fork, detached by execve and exit, removed when the last lets go.
#include "../test.h"
#include <sys/shm.h>

static unsigned long attached(int id) {
    struct shmid_ds state;
    CHECK(shmctl(id, IPC_STAT, &state) == 0);
    return state.shm_nattch;
}

int main(int argc, char **argv) {
    if (argc > 1) {
        int id = atoi(argv[1]);
        CHECK_EQ(attached(id), 1);
        int *shared = shmat(id, NULL, 0);
        CHECK(shared != (void *)-1 && *shared == 5);
        *shared = 6;
        return 8;
    }
    int id = shmget(IPC_PRIVATE, PAGE, IPC_CREAT | 0600);
    struct shmid_ds state;
    char number[16];
    CHECK(id >= 0);
    _Atomic int *shared = shmat(id, NULL, 0);
    CHECK(shared != (void *)-1);
    struct gate ready = new_gate(), gate = new_gate();
    pid_t child = fork_child();
    if (child == 0) {
        *shared = 5;
        open_gate(ready);
        pass_gate(gate);
        snprintf(number, sizeof number, "%d", id);
        execl(argv[0], argv[0], number, NULL);
        _exit(99);
    }
    pass_gate(ready);
    CHECK_EQ(*shared, 5);
    CHECK_EQ(attached(id), 2);
    open_gate(gate);
    CHECK_EXITS(child, 8);
    CHECK_EQ(*shared, 6);
    CHECK_EQ(attached(id), 1);
    CHECK(shmctl(id, IPC_STAT, &state) == 0 && state.shm_cpid == getpid() && state.shm_lpid == child);
    CHECK(shmctl(id, IPC_RMID, NULL) == 0);
    child = fork_child();
    if (child == 0) _exit(*shared == 6 && attached(id) == 2 ? 9 : 1);
    CHECK_EXITS(child, 9);
    CHECK(shmdt((void *)shared) == 0);
    CHECK_ERRNO(shmctl(id, IPC_STAT, &state), EINVAL);
    puts("ok");
}
