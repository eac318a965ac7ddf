// sem_open: one name in two processes, O_EXCL, a missing name, and a name unlinked while in use.
#include "../test.h"
#include <semaphore.h>

int main(int argc, char **argv) {
    if (argc > 1) {
        sem_t *first = sem_open(argv[1], 0), *second = sem_open(argv[2], 0);
        CHECK(first != SEM_FAILED && second != SEM_FAILED);
        CHECK(sem_wait(first) == 0 && sem_post(second) == 0);
        return 7;
    }
    char names[2][64];
    for (int i = 0; i < 2; i++) snprintf(names[i], sizeof names[i], "/litebox-test-%d-%d", getpid(), i);
    CHECK(sem_open(names[0], 0) == SEM_FAILED && errno == ENOENT);
    sem_t *first = sem_open(names[0], O_CREAT | O_EXCL, 0600, 0), *second = sem_open(names[1], O_CREAT, 0600, 0);
    CHECK(first != SEM_FAILED && second != SEM_FAILED);
    CHECK(sem_open(names[0], O_CREAT | O_EXCL, 0600, 0) == SEM_FAILED && errno == EEXIST);
    pid_t child = fork_child();
    if (child == 0) {
        execl(argv[0], argv[0], names[0], names[1], NULL);
        _exit(99);
    }
    CHECK(sem_post(first) == 0 && sem_wait(second) == 0);
    CHECK_EXITS(child, 7);
    CHECK(sem_unlink(names[0]) == 0 && sem_unlink(names[1]) == 0);
    CHECK_ERRNO(sem_unlink(names[0]), ENOENT);
    child = fork_child();
    if (child == 0) _exit(sem_post(first) != 0);
    CHECK(sem_wait(first) == 0);
    CHECK_EXITS(child, 0);
    CHECK(sem_close(first) == 0 && sem_close(second) == 0);
    puts("ok");
}
