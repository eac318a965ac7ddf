// A memfd passed on by fork: one object, seals bind both; /proc/PID/fd opens it again.
#include "../test.h"

int main(void) {
    int fd = memfd_create("shared", MFD_ALLOW_SEALING | MFD_CLOEXEC);
    CHECK(fd >= 0 && ftruncate(fd, PAGE) == 0);
    pid_t parent = getpid(), child = fork_child();
    if (child == 0) {
        char path[64];
        CHECK(pwrite(fd, "child", 5, 0) == 5);
        CHECK(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) == 0);
        snprintf(path, sizeof path, "/proc/%d/fd/%d", parent, fd);
        int copy = open(path, O_RDONLY);
        CHECK(copy >= 0 && fcntl(copy, F_GET_SEALS) == (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE));
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    char *p = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
    CHECK(p != MAP_FAILED && memcmp(p, "child", 5) == 0);
    CHECK_ERRNO(write(fd, "x", 1), EPERM);
    CHECK_ERRNO(ftruncate(fd, 0), EPERM);
    CHECK_ERRNO(ftruncate(fd, 2 * PAGE), EPERM);
    CHECK(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED && errno == EPERM);
    CHECK(fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL) == 0);
    CHECK_ERRNO(fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE), EPERM);
    int other = memfd_create("other", MFD_ALLOW_SEALING);
    CHECK(other >= 0 && ftruncate(other, PAGE) == 0);
    struct gate ready = new_gate(), gate = new_gate();
    child = fork_child();
    if (child == 0) {
        CHECK(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, other, 0) != MAP_FAILED);
        open_gate(ready);
        pass_gate(gate);
        _exit(0);
    }
    pass_gate(ready);
    // A writable mapping anywhere forbids the seal.
    CHECK_ERRNO(fcntl(other, F_ADD_SEALS, F_SEAL_WRITE), EBUSY);
    open_gate(gate);
    CHECK_EXITS(child, 0);
    CHECK(fcntl(other, F_ADD_SEALS, F_SEAL_WRITE) == 0);
    puts("ok");
}
