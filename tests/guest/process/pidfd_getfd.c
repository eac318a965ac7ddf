// pidfd_getfd takes a copy of a child's descriptor: same open file, closed on execve; what it refuses.
#include "../test.h"

int main(void) {
    int own = file_with("f", "0123", 4);
    struct gate ready = new_gate(), gate = new_gate();
    pid_t child = fork_child();
    if (child == 0) {
        int fd = open("f", O_RDONLY);
        char byte;
        CHECK(dup2(fd, 60) == 60 && read(fd, &byte, 1) == 1);
        open_gate(ready);
        pass_gate(gate);
        CHECK(read(fd, &byte, 1) == 1 && byte == '2');
        _exit(0);
    }
    pass_gate(ready);
    int pidfd = (int)raw(SYS_pidfd_open, child, 0);
    CHECK(pidfd >= 0);
    int copy = (int)raw(SYS_pidfd_getfd, pidfd, 60, 0);
    CHECK(copy >= 0 && copy != 60);
    CHECK_EQ(fcntl(copy, F_GETFD), FD_CLOEXEC);
    char byte;
    CHECK(read(copy, &byte, 1) == 1 && byte == '1');
    CHECK_EQ(raw(SYS_pidfd_getfd, pidfd, 61, 0), -EBADF);
    CHECK_EQ(raw(SYS_pidfd_getfd, pidfd, 60, 1), -EINVAL);
    CHECK_EQ(raw(SYS_pidfd_getfd, own, 60, 0), -EBADF);
    CHECK_EQ(raw(SYS_pidfd_getfd, 999, 60, 0), -EBADF);
    open_gate(gate);
    CHECK_EXITS(child, 0);
    CHECK_EQ(raw(SYS_pidfd_getfd, pidfd, 60, 0), -ESRCH);
    puts("ok");
}
