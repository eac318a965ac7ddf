// execve closes what is marked close-on-exec and keeps the rest, with offsets and status flags.
#include "../test.h"

int main(int argc, char **argv) {
    char byte;
    if (argc > 1) {
        CHECK_ERRNO(fcntl(20, F_GETFD), EBADF);
        CHECK_ERRNO(fcntl(22, F_GETFD), EBADF);
        CHECK_EQ(fcntl(21, F_GETFD), 0);
        CHECK(fcntl(21, F_GETFL) & O_APPEND);
        CHECK(read(21, &byte, 1) == 1 && byte == '2');
        CHECK(read(23, &byte, 1) == 1 && byte == 'p');
        return 7;
    }
    int fd = file_with("f", "01234", 5), ends[2];
    CHECK(pipe2(ends, O_CLOEXEC) == 0);
    CHECK(dup3(fd, 20, O_CLOEXEC) == 20 && dup2(fd, 21) == 21 && dup2(fd, 22) == 22 && dup2(ends[0], 23) == 23);
    CHECK(fcntl(22, F_SETFD, FD_CLOEXEC) == 0 && fcntl(21, F_SETFL, O_APPEND) == 0);
    CHECK_EQ(lseek(fd, 2, SEEK_SET), 2);
    CHECK_EQ(write(ends[1], "p", 1), 1);
    pid_t child = fork_child();
    if (child == 0) _exit(execl(argv[0], argv[0], "again", NULL) == -1 ? 99 : 98);
    CHECK_EXITS(child, 7);
    CHECK_EQ(fcntl(20, F_GETFD), FD_CLOEXEC);
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 3);
    // The writing end went with the child's copy: only this process holds it.
    CHECK(close(ends[1]) == 0);
    CHECK_EQ(read(ends[0], &byte, 1), 0);
    puts("ok");
}
