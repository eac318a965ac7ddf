// /dev/fd/N and /proc/self/fd/N name any open descriptor; opening a file there makes a new description.
#include "../test.h"

int main(void) {
    char path[64], target[4200], cwd[4096];
    int fd = file_with("f", "0123456789", 10), ends[2];
    CHECK(getcwd(cwd, sizeof cwd) && lseek(fd, 5, SEEK_SET) == 5);
    snprintf(path, sizeof path, "/dev/fd/%d", fd);
    int again = open(path, O_RDONLY);
    CHECK_EQ(lseek(again, 0, SEEK_CUR), 0);
    CHECK_ERRNO(write(again, "x", 1), EBADF);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(path, target, sizeof target - 1);
    target[length] = 0;
    puts(target + strlen(cwd));
    CHECK(unlink("f") == 0);
    length = readlink(path, target, sizeof target - 1);
    target[length] = 0;
    puts(target + strlen(cwd));
    again = open(path, O_RDONLY);
    CHECK(again >= 0 && read(again, target, 3) == 3);
    CHECK(pipe(ends) == 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", ends[0]);
    length = readlink(path, target, sizeof target - 1);
    printf("%.6s\n", target);
    int writer = open(path, O_WRONLY);
    CHECK(write(writer, "p", 1) == 1 && read(ends[0], target, 1) == 1 && target[0] == 'p');
    CHECK_ERRNO(open("/proc/self/fd/99", O_RDONLY), ENOENT);
    CHECK_ERRNO(open("/dev/fd/99", O_RDONLY), ENOENT);
    int out = open("/dev/stdout", O_WRONLY);
    CHECK(out >= 0 && write(out, "", 0) == 0);
}
