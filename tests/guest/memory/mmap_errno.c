// What mmap refuses, and with which errno.
#include "../test.h"
#include <sys/socket.h>

#define MAP(length, prot, flags, fd, offset) (long)mmap(NULL, length, prot, flags, fd, offset)

int main(void) {
    int anonymous = MAP_PRIVATE | MAP_ANONYMOUS;
    CHECK_ERRNO(MAP(0, PROT_READ, anonymous, -1, 0), EINVAL);
    CHECK_ERRNO(MAP(-1UL, PROT_READ, anonymous, -1, 0), ENOMEM);
    CHECK_ERRNO(MAP(-PAGE, PROT_READ, anonymous, -1, 0), ENOMEM);
    CHECK_ERRNO(MAP(1UL << 47, PROT_READ, anonymous, -1, 0), ENOMEM);
    CHECK_ERRNO(MAP(PAGE, PROT_READ, MAP_ANONYMOUS, -1, 0), EINVAL);
    int file = file_with("f", "abc", 3);
    int reader = open("f", O_RDONLY), writer = open("f", O_WRONLY), dir = open(".", O_RDONLY);
    int pair[2];
    CHECK(pipe(pair) == 0);
    CHECK_ERRNO(MAP(PAGE, PROT_READ, MAP_PRIVATE, 99, 0), EBADF);
    CHECK_ERRNO(MAP(PAGE, PROT_READ, 0, file, 0), EINVAL);
    CHECK_ERRNO(MAP(PAGE, PROT_READ, MAP_PRIVATE, file, 1), EINVAL);
    CHECK_ERRNO(MAP(PAGE, PROT_READ, MAP_PRIVATE, writer, 0), EACCES);
    CHECK_ERRNO(MAP(PAGE, PROT_WRITE, MAP_SHARED, reader, 0), EACCES);
    CHECK_ERRNO(MAP(PAGE, PROT_READ, MAP_PRIVATE, dir, 0), ENODEV);
    CHECK_ERRNO(MAP(PAGE, PROT_READ, MAP_PRIVATE, pair[0], 0), ENODEV);
    CHECK_ERRNO(MAP(PAGE, PROT_READ, MAP_PRIVATE, open("f", O_PATH), 0), EBADF);
    CHECK_ERRNO(MAP(PAGE, PROT_READ, MAP_SHARED_VALIDATE | 0x200000, file, 0), EOPNOTSUPP);
    CHECK(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | 0x200000, file, 0) != MAP_FAILED);
    CHECK(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, reader, 0) != MAP_FAILED);
    CHECK(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, file, 1 << 20) != MAP_FAILED);
    puts("ok");
}
