// A signalfd in an epoll list: woken by the signals of who added it, ready by those of who waits, and a list in a list.
#include "../test.h"
#include <poll.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>

static int outer, inner, fd;

static int ready(int list) {
    struct epoll_event event;
    return epoll_wait(list, &event, 1, 0);
}

static void *sender(void *unused) {
    sleep_ms(30);
    CHECK(kill(getpid(), SIGUSR2) == 0);
    return unused;
}

int main(void) {
    sigset_t set = set_of(SIGUSR1);
    sigaddset(&set, SIGUSR2);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    struct signalfd_siginfo record;
    fd = signalfd(-1, &set, SFD_NONBLOCK);
    inner = epoll_create1(0);
    outer = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN};
    CHECK(fd >= 0 && epoll_ctl(inner, EPOLL_CTL_ADD, fd, &event) == 0);
    CHECK(epoll_ctl(outer, EPOLL_CTL_ADD, inner, &event) == 0);
    CHECK(ready(inner) == 0 && ready(outer) == 0);
    CHECK(kill(getpid(), SIGUSR1) == 0);
    CHECK(ready(inner) == 1 && ready(outer) == 1);
    struct pollfd entry = {outer, POLLIN, 0};
    CHECK_EQ(poll(&entry, 1, 0), 1);
    pid_t child = fork_child();
    if (child == 0) {
        // Nothing is pending here.
        CHECK(ready(inner) == 0);
        CHECK_ERRNO(read(fd, &record, sizeof record), EAGAIN);
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    CHECK_EQ(read(fd, &record, sizeof record), sizeof record);
    CHECK_EQ(record.ssi_signo, SIGUSR1);
    CHECK(ready(inner) == 0);
    pthread_t thread = spawn(sender, NULL);
    CHECK_EQ(epoll_wait(outer, &event, 1, 5000), 1);
    CHECK_EQ(read(fd, &record, sizeof record), sizeof record);
    CHECK_EQ(record.ssi_signo, SIGUSR2);
    join(thread);
    puts("ok");
}
