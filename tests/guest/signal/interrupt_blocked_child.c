// A handled signal from the parent interrupts a child blocked in any of these calls with EINTR.
#include "../test.h"
#include <linux/futex.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>

static int ends[2], full[2];

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
}

static long by_read(void) { char byte; return raw(SYS_read, ends[0], &byte, 1); }
static long by_write(void) { return raw(SYS_write, full[1], "x", 1); }
static long by_futex(void) { static int word; return raw(SYS_futex, &word, FUTEX_WAIT, 0, NULL); }
static long by_poll(void) { struct pollfd entry = {ends[0], POLLIN, 0}; return raw(SYS_poll, &entry, 1, -1); }
static long by_select(void) { return raw(SYS_select, 0, NULL, NULL, NULL, NULL); }
static long by_epoll(void) { struct epoll_event event; return raw(SYS_epoll_wait, epoll_create1(0), &event, 1, -1); }
static long by_sleep(void) { struct timespec time = {100, 0}; return raw(SYS_nanosleep, &time, NULL); }
static long by_pause(void) { return raw(SYS_pause); }
static long by_suspend(void) { sigset_t none = set_of(0); return raw(SYS_rt_sigsuspend, &none, 8); }
static long by_sigwait(void) { sigset_t set = set_of(SIGUSR2); return raw(SYS_rt_sigtimedwait, &set, NULL, NULL, 8); }
static long by_wait(void) {
    pid_t child = fork_child();
    if (child == 0)
        for (;;) pause();
    long result = raw(SYS_wait4, child, NULL, 0, NULL);
    kill(child, SIGKILL);
    while (waitpid(child, NULL, 0) == -1 && errno == EINTR) {
    }
    return result;
}
static long by_receive(void) {
    int pair[2];
    char byte;
    CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0);
    return raw(SYS_recvfrom, pair[0], &byte, 1, 0, NULL, NULL);
}
static long by_lock(void) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    return raw(SYS_fcntl, open("f", O_RDWR), F_SETLKW, &lock);
}

int main(void) {
    long (*ways[])(void) = {by_read, by_write, by_futex, by_poll, by_select, by_epoll, by_sleep, by_pause, by_suspend, by_sigwait, by_wait, by_receive, by_lock};
    static char block[65536];
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int fd = file_with("f", "x", 1);
    CHECK(fcntl(fd, F_SETLK, &lock) == 0);
    CHECK(pipe(ends) == 0 && pipe(full) == 0 && write(full[1], block, sizeof block) == sizeof block);
    handle(SIGUSR1, on_signal, 0);
    for (size_t i = 0; i < COUNT(ways); i++) {
        pid_t child = fork_child();
        if (child == 0) {
            long result = ways[i]();
            CHECK_EQ(result, -EINTR);
            _exit(0);
        }
        wait_until_state(child, 'S');
        // Repeated, should the child only have slept on its way there.
        int status;
        for (pid_t got = 0; got == 0; got = waitpid(child, &status, WNOHANG)) {
            kill(child, SIGUSR1);
            sleep_ms(1);
        }
        if (status) FAIL("way %zu ends with %d", i, status);
    }
    puts("ok");
}
