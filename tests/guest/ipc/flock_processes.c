// flock between processes: shared and exclusive, blocking, passed on by fork, gone with the last copy.
#include "../test.h"
#include <sys/file.h>

int main(void) {
    int fd = file_with("f", "x", 1);
    CHECK(flock(fd, LOCK_EX) == 0);
    struct gate ready = new_gate(), gate = new_gate();
    pid_t child = fork_child();
    if (child == 0) {
        int own = open("f", O_RDWR);
        CHECK_ERRNO(flock(own, LOCK_EX | LOCK_NB), EWOULDBLOCK);
        CHECK_ERRNO(flock(own, LOCK_SH | LOCK_NB), EWOULDBLOCK);
        // The inherited descriptor is the same open file and holds the lock already.
        CHECK(flock(fd, LOCK_EX | LOCK_NB) == 0);
        open_gate(ready);
        CHECK(close(fd) == 0);
        CHECK(flock(own, LOCK_SH) == 0);
        _exit(4);
    }
    pass_gate(ready);
    wait_until_state(child, 'S');
    CHECK_EQ(waitpid(child, NULL, WNOHANG), 0);
    CHECK(flock(fd, LOCK_SH) == 0);
    CHECK_EXITS(child, 4);
    child = fork_child();
    if (child == 0) {
        open_gate(ready);
        pass_gate(gate);
        _exit(0);
    }
    pass_gate(ready);
    CHECK(close(fd) == 0);
    fd = open("f", O_RDWR);
    CHECK_ERRNO(flock(fd, LOCK_EX | LOCK_NB), EWOULDBLOCK);
    open_gate(gate);
    CHECK_EXITS(child, 0);
    CHECK(flock(fd, LOCK_EX | LOCK_NB) == 0);
    puts("ok");
}
