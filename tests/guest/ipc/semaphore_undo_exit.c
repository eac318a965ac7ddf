// SEM_UNDO takes a process's operations back at its end, by exit or kill; not at execve, and not for a forked child.
#include "../test.h"
#include <sys/sem.h>

int main(int argc, char **argv) {
    struct sembuf take = {0, -1, SEM_UNDO}, give = {0, 2, 0};
    if (argc > 1) return semctl(atoi(argv[1]), 0, GETVAL) == 4 ? 7 : 8;
    int set = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600), values[5], statuses[4];
    CHECK(set >= 0 && semctl(set, 0, SETVAL, 5) == 0);
    struct gate ready = new_gate();
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(semop(set, &take, 1) == 0);
        _exit(semctl(set, 0, GETVAL) == 4 ? 0 : 1);
    }
    statuses[0] = status_of(child);
    values[0] = semctl(set, 0, GETVAL);
    child = fork_child();
    if (child == 0) {
        CHECK(semop(set, &take, 1) == 0);
        open_gate(ready);
        for (;;) pause();
    }
    pass_gate(ready);
    values[1] = semctl(set, 0, GETVAL);
    CHECK(kill(child, SIGKILL) == 0);
    statuses[1] = status_of(child);
    values[2] = semctl(set, 0, GETVAL);
    child = fork_child();
    if (child == 0) {
        char number[16];
        snprintf(number, sizeof number, "%d", set);
        CHECK(semop(set, &take, 1) == 0);
        execl(argv[0], argv[0], number, NULL);
        _exit(99);
    }
    statuses[2] = status_of(child);
    values[3] = semctl(set, 0, GETVAL);
    child = fork_child();
    if (child == 0) {
        CHECK(semop(set, &take, 1) == 0);
        pid_t grandchild = fork_child();
        if (grandchild == 0) _exit(0);
        CHECK_EXITS(grandchild, 0);
        CHECK_EQ(semctl(set, 0, GETVAL), 4);
        CHECK(semop(set, &give, 1) == 0);
        _exit(0);
    }
    statuses[3] = status_of(child);
    values[4] = semctl(set, 0, GETVAL);
    CHECK(semctl(set, 0, IPC_RMID) == 0);
    CHECK(statuses[0] == 0 && statuses[1] == SIGKILL && statuses[2] == 7 << 8 && statuses[3] == 0);
    CHECK(values[0] == 5 && values[1] == 4 && values[2] == 5 && values[3] == 5 && values[4] == 7);
    puts("ok");
}
