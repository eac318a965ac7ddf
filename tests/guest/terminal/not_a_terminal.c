// Terminal requests on what is no terminal are ENOTTY; unknown requests too.
#include "../test.h"
#include <sys/ioctl.h>
#include <termios.h>

int main(void) {
    int ends[2], available = -1;
    CHECK(pipe(ends) == 0);
    int files[] = {file_with("f", "abc", 3), ends[0], open("/dev/null", O_RDWR), open(".", O_RDONLY)};
    struct termios settings;
    struct winsize size;
    for (size_t i = 0; i < COUNT(files); i++) {
        CHECK(!isatty(files[i]));
        CHECK_ERRNO(ioctl(files[i], TCGETS, &settings), ENOTTY);
        CHECK_ERRNO(ioctl(files[i], TIOCGWINSZ, &size), ENOTTY);
        CHECK_ERRNO(ioctl(files[i], 0x1234abcd, 0), ENOTTY);
        CHECK_ERRNO(tcgetpgrp(files[i]), ENOTTY);
    }
    CHECK_ERRNO(ioctl(99, TCGETS, &settings), EBADF);
    CHECK_ERRNO(ioctl(open("f", O_PATH), TCGETS, &settings), EBADF);
    CHECK(isatty(0) == 0 && isatty(1) == 0);
    CHECK(ttyname(0) == NULL);
    CHECK(write(ends[1], "12345", 5) == 5 && ioctl(ends[0], FIONREAD, &available) == 0);
    printf("%d\n", available);
    CHECK(ioctl(files[0], FIONREAD, &available) == 0);
    printf("%d\n", available);
    CHECK(ioctl(ends[0], FIONBIO, &(int){1}) == 0 && fcntl(ends[0], F_GETFL) & O_NONBLOCK);
    CHECK(ioctl(ends[0], FIOCLEX) == 0 && fcntl(ends[0], F_GETFD) == FD_CLOEXEC);
    CHECK(ioctl(ends[0], FIONCLEX) == 0 && fcntl(ends[0], F_GETFD) == 0);
}
