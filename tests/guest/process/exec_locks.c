// Record locks outlive execve, and end when the new program closes the file or ends.
#include "../test.h"

int main(int argc, char **argv) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (argc > 1) {
        char byte;
        CHECK(write(atoi(argv[1]), "r", 1) == 1);
        CHECK_EQ(read(atoi(argv[2]), &byte, 1), 1);
        return 3;
    }
    int fd = file_with("f", "x", 1), here[2], there[2];
    char first[16], second[16], byte;
    CHECK(pipe(here) == 0 && pipe(there) == 0);
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(fcntl(fd, F_SETLK, &lock) == 0);
        snprintf(first, sizeof first, "%d", here[1]);
        snprintf(second, sizeof second, "%d", there[0]);
        execl(argv[0], argv[0], first, second, NULL);
        _exit(99);
    }
    CHECK(read(here[0], &byte, 1) == 1);
    CHECK_ERRNO(fcntl(fd, F_SETLK, &lock), EAGAIN);
    CHECK(fcntl(fd, F_GETLK, &lock) == 0);
    CHECK_EQ(lock.l_pid, child);
    CHECK(write(there[1], "g", 1) == 1);
    CHECK_EXITS(child, 3);
    lock = (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET};
    CHECK(fcntl(fd, F_SETLK, &lock) == 0);
    puts("ok");
}
