// A signalfd inherited by a child hands each process its own signals.
#include "../test.h"
#include <poll.h>
#include <sys/signalfd.h>

int main(void) {
    sigset_t set = set_of(SIGUSR1);
    sigaddset(&set, SIGCHLD);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    int fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    struct signalfd_siginfo record;
    CHECK(fd >= 0 && kill(getpid(), SIGUSR1) == 0);
    pid_t parent = getpid(), child = fork_child();
    if (child == 0) {
        CHECK_ERRNO(read(fd, &record, sizeof record), EAGAIN);
        CHECK(sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 9}) == 0);
        CHECK_EQ(read(fd, &record, sizeof record), sizeof record);
        CHECK(record.ssi_signo == SIGUSR1 && record.ssi_int == 9 && record.ssi_pid == (unsigned)getpid());
        _exit(11);
    }
    struct pollfd entry = {fd, POLLIN, 0};
    int seen = 0;
    for (int i = 0; i < 2; i++) {
        // Status flags are the child's too: it must not find the descriptor blocking.
        CHECK_EQ(poll(&entry, 1, 5000), 1);
        CHECK_EQ(read(fd, &record, sizeof record), sizeof record);
        if (record.ssi_signo == SIGUSR1) {
            CHECK_EQ(record.ssi_pid, parent);
            seen |= 1;
        } else {
            CHECK_EQ(record.ssi_signo, SIGCHLD);
            CHECK(record.ssi_pid == (unsigned)child && record.ssi_status == 11 && record.ssi_code == CLD_EXITED && record.ssi_uid == getuid());
            seen |= 2;
        }
    }
    CHECK_EQ(seen, 3);
    CHECK_EXITS(child, 11);
    puts("ok");
}
