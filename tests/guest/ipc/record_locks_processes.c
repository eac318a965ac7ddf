// Record locks between processes: ranges, F_GETLK's owner, upgrades, release at close of any descriptor and at exit.
#include "../test.h"

static int lock(int fd, short type, off_t start, off_t length) {
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
    return fcntl(fd, F_SETLK, &lock);
}

static struct flock owner(int fd, short type, off_t start, off_t length) {
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
    CHECK(fcntl(fd, F_GETLK, &lock) == 0);
    return lock;
}

int main(void) {
    int fd = file_with("f", "0123456789", 10);
    struct gate ready = new_gate(), gate = new_gate();
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(lock(fd, F_WRLCK, 0, 4) == 0 && lock(fd, F_RDLCK, 6, 2) == 0);
        open_gate(ready);
        pass_gate(gate);
        CHECK(lock(fd, F_UNLCK, 1, 2) == 0);
        open_gate(ready);
        pass_gate(gate);
        CHECK(close(open("f", O_RDONLY)) == 0);
        open_gate(ready);
        pass_gate(gate);
        CHECK(lock(fd, F_WRLCK, 0, 0) == 0);
        open_gate(ready);
        pass_gate(gate);
        _exit(0);
    }
    pass_gate(ready);
    struct flock found = owner(fd, F_WRLCK, 2, 100);
    CHECK(found.l_type == F_WRLCK && found.l_pid == child && found.l_start == 0 && found.l_len == 4);
    found = owner(fd, F_WRLCK, 4, 10);
    CHECK(found.l_type == F_RDLCK && found.l_pid == child && found.l_start == 6 && found.l_len == 2);
    CHECK_EQ(owner(fd, F_RDLCK, 4, 10).l_type, F_UNLCK);
    CHECK_ERRNO(lock(fd, F_RDLCK, 3, 1), EAGAIN);
    CHECK(lock(fd, F_RDLCK, 7, 1) == 0);
    open_gate(gate);
    pass_gate(ready);
    CHECK(lock(fd, F_WRLCK, 1, 2) == 0);
    CHECK_ERRNO(lock(fd, F_WRLCK, 0, 1), EAGAIN);
    CHECK_ERRNO(lock(fd, F_WRLCK, 3, 1), EAGAIN);
    open_gate(gate);
    pass_gate(ready);
    CHECK(lock(fd, F_WRLCK, 0, 10) == 0);
    CHECK(lock(fd, F_UNLCK, 0, 0) == 0);
    open_gate(gate);
    pass_gate(ready);
    CHECK_ERRNO(lock(fd, F_RDLCK, 1000000, 1), EAGAIN);
    open_gate(gate);
    CHECK_EXITS(child, 0);
    CHECK(lock(fd, F_WRLCK, 0, 0) == 0);
    puts("ok");
}
