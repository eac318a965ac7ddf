// A robust mutex held at execve is EOWNERDEAD for the next process.
#include "../test.h"

int main(int argc, char **argv) {
    if (argc > 1)
        for (;;) pause();
    pthread_mutex_t *mutex = shared_pages(1);
    pthread_mutexattr_t attributes;
    CHECK_ZERO(pthread_mutexattr_init(&attributes));
    CHECK_ZERO(pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED));
    CHECK_ZERO(pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST));
    CHECK_ZERO(pthread_mutex_init(mutex, &attributes));
    struct gate locked = new_gate();
    pid_t owner = fork_child();
    if (owner == 0) {
        CHECK_ZERO(pthread_mutex_lock(mutex));
        open_gate(locked);
        execl(argv[0], argv[0], "again", NULL);
        _exit(99);
    }
    pass_gate(locked);
    CHECK_EQ(pthread_mutex_lock(mutex), EOWNERDEAD);
    CHECK_EQ(waitpid(owner, NULL, WNOHANG), 0);
    CHECK(kill(owner, SIGKILL) == 0);
    CHECK_DIES(owner, SIGKILL);
    puts("ok");
}
