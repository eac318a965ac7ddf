// A robust mutex whose owner's process ended, by exit or by a kill, is EOWNERDEAD for the next, also for one who waits.
#include "../test.h"

int main(void) {
    pthread_mutex_t *mutex = shared_pages(1);
    pthread_mutexattr_t attributes;
    CHECK_ZERO(pthread_mutexattr_init(&attributes));
    CHECK_ZERO(pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED));
    CHECK_ZERO(pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST));
    for (int way = 0; way < 3; way++) {
        CHECK_ZERO(pthread_mutex_init(mutex, &attributes));
        struct gate locked = new_gate();
        pid_t owner = fork_child();
        if (owner == 0) {
            CHECK_ZERO(pthread_mutex_lock(mutex));
            open_gate(locked);
            if (way == 0) _exit(0);
            for (;;) pause();
        }
        pass_gate(locked);
        pid_t waiter = fork_child();
        if (waiter == 0) {
            CHECK_EQ(pthread_mutex_lock(mutex), EOWNERDEAD);
            CHECK_EQ(pthread_mutex_trylock(mutex), EBUSY);
            if (way < 2) CHECK_ZERO(pthread_mutex_consistent(mutex));
            CHECK_ZERO(pthread_mutex_unlock(mutex));
            _exit(0);
        }
        if (way > 0) {
            wait_until_state(waiter, 'S');
            CHECK(kill(owner, SIGKILL) == 0);
        }
        int status = status_of(owner);
        CHECK_EQ(status, way == 0 ? 0 : SIGKILL);
        CHECK_EXITS(waiter, 0);
        if (way < 2) {
            CHECK_ZERO(pthread_mutex_lock(mutex));
            CHECK_ZERO(pthread_mutex_unlock(mutex));
        } else {
            CHECK_EQ(pthread_mutex_lock(mutex), ENOTRECOVERABLE);
        }
        CHECK(close(locked.ends[0]) == 0 && close(locked.ends[1]) == 0);
    }
    puts("ok");
}
