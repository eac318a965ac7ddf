// SEM_UNDO: a thread with a list of its own (no CLONE_SYSVSEM) undoes at its end what it did; setting a value forgets
// what was to be undone.
#include "../test.h"
#include <sys/ipc.h>
#include <sys/sem.h>

static int id;
static char stack[1 << 16] __attribute__((aligned(16)));

static int body(void *argument) {
    int *what = argument;
    struct sembuf up[2] = {{0, 3, SEM_UNDO}, {1, 2, 0}}, down = {2, -4, SEM_UNDO};
    if (semop(id, up, 2) || semop(id, &down, 1)) return 1;
    if (*what == 1) semctl(id, 0, SETVAL, 9);
    return 0;
}

static void run(int what, int flags) {
    static volatile pid_t alive;
    alive = 1;
    int kind = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_CHILD_CLEARTID | flags;
    CHECK(clone(body, stack + sizeof stack, kind, &what, NULL, NULL, &alive) > 0);
    while (alive) sleep_ms(1);
    sleep_ms(20);
}

static void show(void) {
    printf("%d %d %d\n", semctl(id, 0, GETVAL), semctl(id, 1, GETVAL), semctl(id, 2, GETVAL));
}

int main(void) {
    id = semget(IPC_PRIVATE, 3, 0600);
    CHECK(id >= 0);
    CHECK_EQ(semctl(id, 2, SETVAL, 10), 0);
    run(0, 0);
    show();
    run(1, 0);
    show();
    // A list that is shared is undone at the end of the last who shares it.
    run(0, CLONE_SYSVSEM);
    show();
    // What cannot be undone is refused.
    struct sembuf most[1] = {{1, 32000, SEM_UNDO}}, back[1] = {{1, -32000, 0}};
    CHECK_EQ(semctl(id, 1, SETVAL, 0), 0);
    CHECK_EQ(semop(id, most, 1), 0);
    CHECK_EQ(semop(id, back, 1), 0);
    CHECK_ERRNO(semop(id, most, 1), ERANGE);
    show();
    CHECK_EQ(semctl(id, 0, IPC_RMID), 0);
}
