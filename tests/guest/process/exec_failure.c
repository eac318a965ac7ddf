// A failed execve leaves everything in place: threads, handlers, descriptors marked to close, memory.
#include "../test.h"

static _Atomic int counter, stop;
static volatile int got;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)info, (void)context;
    got = signal;
}

static void *count(void *unused) {
    while (!stop) {
        counter++;
        sched_yield();
    }
    return unused;
}

int main(void) {
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC), garbage = file_with("garbage", "garbage", 7);
    CHECK(fchmod(garbage, 0755) == 0 && close(garbage) == 0);
    handle(SIGUSR1, on_signal, 0);
    pthread_t thread = spawn(count, NULL);
    CHECK_ERRNO(execl("/no/such/program", "x", NULL), ENOENT);
    CHECK_ERRNO(execl("./garbage", "x", NULL), ENOEXEC);
    CHECK_ERRNO(execl("/", "x", NULL), EACCES);
    int before = counter;
    while (counter < before + 10) sched_yield();
    CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
    CHECK(raise(SIGUSR1) == 0 && got == SIGUSR1);
    stop = 1;
    join(thread);
    puts("ok");
}
