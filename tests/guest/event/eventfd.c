// eventfd counts; semaphores count down by one; sizes, the overflow value and flags.
#include "../test.h"
#include <poll.h>
#include <sys/eventfd.h>

static int state(int fd) {
    struct pollfd p = {fd, POLLIN | POLLOUT, 0};
    CHECK(poll(&p, 1, 0) >= 0);
    return p.revents;
}

int main(void) {
    uint64_t value;
    int fd = eventfd(3, EFD_NONBLOCK), semaphore = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK | EFD_CLOEXEC);
    printf("%x\n", state(fd));
    CHECK(read(fd, &value, 8) == 8 && value == 3);
    printf("%x\n", state(fd));
    CHECK_ERRNO(read(fd, &value, 8), EAGAIN);
    value = 5;
    CHECK(write(fd, &value, 8) == 8 && write(fd, &value, 8) == 8 && read(fd, &value, 8) == 8 && value == 10);
    for (int i = 0; i < 2; i++) CHECK(read(semaphore, &value, 8) == 8 && value == 1);
    CHECK_ERRNO(read(semaphore, &value, 8), EAGAIN);
    CHECK_ERRNO(read(fd, &value, 7), EINVAL);
    CHECK_ERRNO(write(fd, &value, 7), EINVAL);
    value = UINT64_MAX;
    CHECK_ERRNO(write(fd, &value, 8), EINVAL);
    value = UINT64_MAX - 1;
    CHECK(write(fd, &value, 8) == 8);
    printf("%x\n", state(fd));
    value = 1;
    CHECK_ERRNO(write(fd, &value, 8), EAGAIN);
    CHECK(read(fd, &value, 8) == 8 && value == UINT64_MAX - 1);
    CHECK_ERRNO(eventfd(0, 0x40), EINVAL);
    char text[64];
    value = 0;
    CHECK(write(fd, &value, 8) == 8 && state(fd) == POLLOUT);
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(path, text, sizeof text);
    printf("%.*s\n", (int)length, text);
    CHECK_EQ(lseek(fd, 7, SEEK_SET), 0);
    CHECK_ERRNO(pread(fd, &value, 8, 0), ESPIPE);
}
