// The descriptor table is copied, what it points to is shared: offsets and status flags move for both.
#include "../test.h"

int main(void) {
    int fd = file_with("f", "0123456789", 10), gone = dup(fd), closing = fcntl(fd, F_DUPFD_CLOEXEC, 50);
    char byte;
    CHECK_EQ(closing, 50);
    pid_t child = fork_child();
    if (child == 0) {
        CHECK_EQ(fcntl(closing, F_GETFD), FD_CLOEXEC);
        CHECK_EQ(fcntl(fd, F_GETFD), 0);
        CHECK(read(fd, &byte, 1) == 1 && byte == '0');
        CHECK(close(gone) == 0 && close(closing) == 0);
        CHECK(fcntl(fd, F_SETFL, O_APPEND | O_NONBLOCK) == 0 && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0);
        CHECK_EQ(dup2(fd, 60), 60);
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    CHECK(read(gone, &byte, 1) == 1 && byte == '1');
    CHECK_EQ(lseek(fd, 0, SEEK_CUR), 2);
    CHECK_EQ(fcntl(fd, F_GETFL) & (O_APPEND | O_NONBLOCK), O_APPEND | O_NONBLOCK);
    CHECK_EQ(fcntl(fd, F_GETFD), 0);
    CHECK_EQ(fcntl(closing, F_GETFD), FD_CLOEXEC);
    CHECK_ERRNO(fcntl(60, F_GETFD), EBADF);
    child = fork_child();
    if (child == 0) {
        CHECK_EQ(lseek(fd, 7, SEEK_SET), 7);
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    CHECK(read(closing, &byte, 1) == 1 && byte == '7');
    puts("ok");
}
