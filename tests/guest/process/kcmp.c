// kcmp tells whether descriptors are one open file, also across processes, and whether memory is shared.
#include "../test.h"
#include <linux/kcmp.h>

static long compare(pid_t one, pid_t other, int kind, unsigned long a, unsigned long b) {
    return syscall(SYS_kcmp, one, other, kind, a, b);
}

int main(void) {
    pid_t own = getpid();
    int fd = open("/dev/null", O_RDONLY), same = dup(fd), other = open("/dev/null", O_RDONLY);
    CHECK(fd >= 0 && same >= 0 && other >= 0);
    CHECK_EQ(compare(own, own, KCMP_FILE, fd, same), 0);
    long order = compare(own, own, KCMP_FILE, fd, other);
    CHECK(order == 1 || order == 2);
    CHECK_EQ(compare(own, own, KCMP_FILE, other, fd), 3 - order);
    CHECK_ERRNO(compare(own, own, KCMP_FILE, fd, 900), EBADF);
    CHECK_EQ(compare(own, own, KCMP_VM, 0, 0), 0);
    CHECK_ERRNO(compare(own, own, 99, 0, 0), EINVAL);
    CHECK_ERRNO(compare(own, 0x3fffff, KCMP_FILE, fd, fd), ESRCH);
    struct gate ready = new_gate(), gate = new_gate();
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(close(other) == 0 && open("/dev/null", O_RDONLY) == other);
        open_gate(ready);
        pass_gate(gate);
        _exit(0);
    }
    pass_gate(ready);
    CHECK_EQ(compare(own, child, KCMP_FILE, fd, same), 0);
    CHECK(compare(own, child, KCMP_FILE, other, other) > 0);
    open_gate(gate);
    CHECK_EXITS(child, 0);
    puts("ok");
}
