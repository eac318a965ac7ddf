// Two processes that wait for each other's record locks: the second is told EDEADLK.
#include "../test.h"

int main(void) {
    int fd = file_with("f", "ab", 2);
    struct flock first = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1}, second = first;
    second.l_start = 1;
    struct gate ready = new_gate();
    CHECK(fcntl(fd, F_SETLK, &first) == 0);
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(fcntl(fd, F_SETLK, &second) == 0);
        open_gate(ready);
        CHECK(fcntl(fd, F_SETLKW, &first) == 0);
        _exit(0);
    }
    pass_gate(ready);
    wait_until_state(child, 'S');
    CHECK_ERRNO(fcntl(fd, F_SETLKW, &second), EDEADLK);
    first.l_type = F_UNLCK;
    CHECK(fcntl(fd, F_SETLK, &first) == 0);
    CHECK_EXITS(child, 0);
    puts("ok");
}
