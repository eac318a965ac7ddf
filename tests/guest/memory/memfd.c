// memfd_create: a file without a name that can be sized, mapped and sealed.
#include "../test.h"

int main(void) {
    int fd = memfd_create("name", MFD_ALLOW_SEALING | MFD_CLOEXEC);
    CHECK(fd >= 0);
    CHECK(ftruncate(fd, 2 * PAGE) == 0);
    char *p = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    CHECK(p != MAP_FAILED);
    strcpy(p, "hello");
    char got[6];
    CHECK(pread(fd, got, 6, 0) == 6);
    puts(got);
    CHECK_ERRNO(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE), EBUSY);
    CHECK(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) == 0);
    CHECK_ERRNO(ftruncate(fd, PAGE), EPERM);
    CHECK_ERRNO(ftruncate(fd, 3 * PAGE), EPERM);
    CHECK(munmap(p, 2 * PAGE) == 0);
    CHECK(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SEAL) == 0);
    CHECK_ERRNO(write(fd, "x", 1), EPERM);
    CHECK_ERRNO((long)mmap(NULL, PAGE, PROT_WRITE, MAP_SHARED, fd, 0), EPERM);
    CHECK_ERRNO(fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL), EPERM);
    printf("%d\n", fcntl(fd, F_GET_SEALS));
    CHECK_ERRNO(memfd_create("x", 0x8000), EINVAL);
    CHECK_ERRNO(fcntl(memfd_create("plain", 0), F_ADD_SEALS, F_SEAL_GROW), EPERM);
}
