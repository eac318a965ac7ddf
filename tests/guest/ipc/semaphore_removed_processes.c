// Removing a semaphore set wakes those who wait in other processes with EIDRM; a signal wakes them with EINTR.
#include "../test.h"
#include <sys/sem.h>

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
}

int main(void) {
    struct sembuf take = {0, -1, 0}, try = {0, -1, IPC_NOWAIT};
    int set = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
    CHECK(set >= 0 && semctl(set, 0, SETVAL, 0) == 0);
    handle(SIGUSR1, on_signal, SA_RESTART);
    pid_t children[3];
    for (int i = 0; i < 3; i++) {
        children[i] = fork_child();
        if (children[i] == 0) {
            if (i == 2) {
                CHECK_ERRNO(semop(set, &try, 1), EAGAIN);
                CHECK_ERRNO(semtimedop(set, &take, 1, &(struct timespec){0, 5000000}), EAGAIN);
                _exit(0);
            }
            CHECK_ERRNO(semop(set, &take, 1), i == 0 ? EIDRM : EINTR);
            _exit(0);
        }
    }
    int status = status_of(children[2]), interrupted;
    for (pid_t got = 0; got == 0; got = waitpid(children[1], &interrupted, WNOHANG)) {
        kill(children[1], SIGUSR1);
        sleep_ms(1);
    }
    wait_until_state(children[0], 'S');
    CHECK(semctl(set, 0, IPC_RMID) == 0);
    CHECK_EXITS(children[0], 0);
    CHECK(status == 0 && interrupted == 0);
    CHECK_ERRNO(semop(set, &take, 1), EINVAL);
    puts("ok");
}
