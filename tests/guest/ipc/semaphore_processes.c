// System V semaphores between processes: blocking, GETPID, GETNCNT, GETZCNT, waiting for zero, several at once.
#include "../test.h"
#include <sys/sem.h>

static int set;

static void operate(unsigned short number, short amount) {
    struct sembuf operation = {number, amount, 0};
    CHECK(semop(set, &operation, 1) == 0);
}

static int check_all(pid_t *children, int count) {
    int bad = 0;
    for (int i = 0; i < count; i++) bad |= status_of(children[i]);
    return bad;
}

int main(void) {
    pid_t children[3];
    set = semget(IPC_PRIVATE, 3, IPC_CREAT | 0600);
    CHECK(set >= 0 && semctl(set, 0, SETVAL, 0) == 0 && semctl(set, 1, SETVAL, 1) == 0 && semctl(set, 2, SETVAL, 0) == 0);
    for (int i = 0; i < 3; i++) {
        children[i] = fork_child();
        if (children[i] == 0) {
            if (i < 2) operate(0, -2);
            else operate(1, 0);
            _exit(0);
        }
    }
    int rounds = 0;
    while ((semctl(set, 0, GETNCNT) != 2 || semctl(set, 1, GETZCNT) != 1) && ++rounds < 3000) sleep_ms(1);
    int waiting = semctl(set, 0, GETNCNT), for_zero = semctl(set, 1, GETZCNT);
    operate(0, 4);
    operate(1, -1);
    int bad = check_all(children, 3);
    int last = semctl(set, 0, GETPID), is_taker = last == children[0] || last == children[1], value = semctl(set, 0, GETVAL);
    children[0] = fork_child();
    if (children[0] == 0) {
        // All or nothing: the second operation blocks, so the first does not happen yet.
        struct sembuf both[] = {{0, 1, 0}, {2, -1, 0}};
        CHECK(semop(set, both, 2) == 0);
        _exit(0);
    }
    wait_until_state(children[0], 'S');
    int meanwhile = semctl(set, 0, GETVAL);
    operate(2, 1);
    bad |= check_all(children, 1);
    int afterwards = semctl(set, 0, GETVAL);
    CHECK(semctl(set, 0, IPC_RMID) == 0);
    CHECK(bad == 0 && waiting == 2 && for_zero == 1);
    CHECK_EQ(is_taker, 1);
    CHECK(value == 0 && meanwhile == 0 && afterwards == 1);
    puts("ok");
}
