// execve by the main thread ends all others, also while one of them holds a lock or forks.
#include "../test.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static _Atomic int running;

static void *lock(void *unused) {
    CHECK_ZERO(pthread_mutex_lock(&mutex));
    running++;
    for (;;) pause();
    return unused;
}

static void *work(void *unused) {
    running++;
    for (;;) {
        char *block = malloc(100);
        memset(block, 1, 100);
        free(block);
    }
    return unused;
}

int main(int argc, char **argv) {
    if (argc > 1) return 29;
    for (int round = 0; round < 5; round++) {
        pid_t child = fork_child();
        if (child == 0) {
            spawn(lock, NULL);
            spawn(work, NULL);
            spawn(work, NULL);
            while (running < 3) sched_yield();
            execl(argv[0], argv[0], "again", NULL);
            _exit(99);
        }
        CHECK_EXITS(child, 29);
    }
    puts("ok");
}
