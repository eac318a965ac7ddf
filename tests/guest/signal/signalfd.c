// signalfd hands out pending signals as records and is pollable.
#include "../test.h"
#include <poll.h>
#include <sys/signalfd.h>

int main(void) {
    sigset_t set = set_of(SIGUSR1);
    sigaddset(&set, SIGRTMIN);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    int fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    CHECK(fd >= 0);
    struct signalfd_siginfo records[3];
    struct pollfd pollfd = {fd, POLLIN, 0};
    CHECK_EQ(poll(&pollfd, 1, 0), 0);
    CHECK_ERRNO(read(fd, records, sizeof records), EAGAIN);
    CHECK(kill(getpid(), SIGUSR1) == 0);
    CHECK(sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 5}) == 0);
    CHECK_EQ(poll(&pollfd, 1, 0), 1);
    CHECK_ERRNO(read(fd, records, sizeof records[0] - 1), EINVAL);
    CHECK_EQ(read(fd, records, sizeof records), 2 * sizeof records[0]);
    printf("%u %u %d\n", records[0].ssi_signo, records[1].ssi_signo - SIGRTMIN, records[1].ssi_int);
    CHECK_EQ(records[0].ssi_pid, getpid());
    CHECK_ERRNO(signalfd(0, &set, 0), EINVAL);
    CHECK_ERRNO(signalfd(-1, &set, 1), EINVAL);
    set = set_of(SIGUSR2);
    CHECK_EQ(signalfd(fd, &set, 0), fd);
}
