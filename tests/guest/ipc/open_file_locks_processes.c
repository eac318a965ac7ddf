// Locks of an open file description (F_OFD_SETLK) are inherited by fork and end with its last descriptor.
#include "../test.h"

static int lock(int fd, int command, short type) {
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET};
    return fcntl(fd, command, &lock);
}

int main(void) {
    int fd = file_with("f", "x", 1), other = open("f", O_RDWR);
    struct gate ready = new_gate(), gate = new_gate();
    CHECK(lock(fd, F_OFD_SETLK, F_WRLCK) == 0);
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(lock(fd, F_OFD_SETLK, F_WRLCK) == 0);
        int own = open("f", O_RDWR);
        CHECK_ERRNO(lock(own, F_OFD_SETLK, F_RDLCK), EAGAIN);
        struct flock found = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
        CHECK(fcntl(own, F_OFD_GETLK, &found) == 0);
        CHECK(found.l_type == F_WRLCK && found.l_pid == -1);
        CHECK(close(own) == 0);
        open_gate(ready);
        pass_gate(gate);
        _exit(0);
    }
    pass_gate(ready);
    CHECK(close(fd) == 0);
    CHECK_ERRNO(lock(other, F_OFD_SETLK, F_RDLCK), EAGAIN);
    CHECK_ERRNO(lock(other, F_SETLK, F_RDLCK), EAGAIN);
    open_gate(gate);
    CHECK_EXITS(child, 0);
    CHECK(lock(other, F_OFD_SETLK, F_WRLCK) == 0);
    puts("ok");
}
