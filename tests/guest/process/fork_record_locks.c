// Record locks belong to the process that took them: the child has none, and cannot release its parent's.
#include "../test.h"

int main(void) {
    int fd = file_with("f", "0123456789", 10);
    pid_t parent = getpid();
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 2, .l_len = 4};
    CHECK(fcntl(fd, F_SETLK, &lock) == 0);
    pid_t child = fork_child();
    if (child == 0) {
        struct flock other = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 0};
        CHECK(fcntl(fd, F_GETLK, &other) == 0);
        CHECK_EQ(other.l_type, F_WRLCK);
        CHECK_EQ(other.l_pid, parent);
        CHECK(other.l_start == 2 && other.l_len == 4 && other.l_whence == SEEK_SET);
        CHECK_ERRNO(fcntl(fd, F_SETLK, &lock), EAGAIN);
        struct flock none = {.l_type = F_UNLCK, .l_whence = SEEK_SET};
        CHECK(fcntl(fd, F_SETLK, &none) == 0 && close(fd) == 0);
        fd = open("f", O_RDWR);
        CHECK_ERRNO(fcntl(fd, F_SETLK, &lock), EAGAIN);
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    puts("ok");
}
