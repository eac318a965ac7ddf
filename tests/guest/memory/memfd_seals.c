// Every seal does what it says, and what is mapped already stays as it is.
#include "../test.h"

#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif
#ifndef F_SEAL_EXEC
#define F_SEAL_EXEC 0x0020
#endif
#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

static int sealable(size_t size) {
    int fd = memfd_create("sealed", MFD_ALLOW_SEALING);
    CHECK(fd >= 0);
    CHECK_EQ(ftruncate(fd, size), 0);
    return fd;
}

int main(void) {
    // Growing: by size, by writing beyond the end, by allocating.
    int fd = sealable(PAGE);
    CHECK_EQ(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW), 0);
    CHECK_ERRNO(ftruncate(fd, PAGE + 1), EPERM);
    CHECK_ERRNO(pwrite(fd, "x", 1, PAGE), EPERM);
    CHECK_ERRNO(fallocate(fd, 0, 0, 2 * PAGE), EPERM);
    CHECK_EQ(pwrite(fd, "xy", 2, PAGE - 1), 1);
    CHECK_EQ(ftruncate(fd, 10), 0);
    // Shrinking.
    fd = sealable(2 * PAGE);
    CHECK_EQ(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK), 0);
    CHECK_ERRNO(ftruncate(fd, PAGE), EPERM);
    CHECK_EQ(ftruncate(fd, 3 * PAGE), 0);
    // Writing later: the mapping that is there writes on, new ones and writes do not.
    fd = sealable(PAGE);
    char *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    CHECK(p != MAP_FAILED);
    CHECK_EQ(fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE), 0);
    p[0] = 'm';
    CHECK_ERRNO(write(fd, "x", 1), EPERM);
    CHECK_ERRNO(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, PAGE), EPERM);
    CHECK_ERRNO((long)mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), EPERM);
    char *reads = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
    CHECK(reads != MAP_FAILED);
    CHECK_EQ(reads[0], 'm');
    CHECK_ERRNO(mprotect(reads, PAGE, PROT_READ | PROT_WRITE), EACCES);
    char *copy = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    CHECK(copy != MAP_FAILED);
    copy[0] = 'c';
    CHECK_EQ(reads[0], 'm');
    printf("%x\n", fcntl(fd, F_GET_SEALS));
    // Writing: refused while a mapping may write, even one that cannot now.
    fd = sealable(PAGE);
    p = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
    CHECK_ERRNO(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE), EBUSY);
    CHECK_EQ(munmap(p, PAGE), 0);
    CHECK_EQ(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE), 0);
    CHECK_ERRNO(pwrite(fd, "x", 1, 0), EPERM);
    p = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
    CHECK(p != MAP_FAILED);
    CHECK_ERRNO(mprotect(p, PAGE, PROT_READ | PROT_WRITE), EACCES);
    // Running.
    fd = memfd_create("plain", MFD_NOEXEC_SEAL);
    if (fd >= 0) {
        struct stat status;
        CHECK_EQ(fstat(fd, &status), 0);
        printf("%o %x\n", status.st_mode & 0777, fcntl(fd, F_GET_SEALS));
        CHECK_ERRNO(fchmod(fd, 0777), EPERM);
        CHECK_EQ(fchmod(fd, 0600), 0);
        fd = memfd_create("program", MFD_EXEC | MFD_ALLOW_SEALING);
        CHECK_EQ(fcntl(fd, F_ADD_SEALS, F_SEAL_EXEC), 0);
        printf("%x\n", fcntl(fd, F_GET_SEALS));
        CHECK_ERRNO(fchmod(fd, 0600), EPERM);
    }
    CHECK_ERRNO(memfd_create("both", MFD_EXEC | MFD_NOEXEC_SEAL), EINVAL);
    CHECK_ERRNO(fcntl(sealable(1), F_ADD_SEALS, 0x40), EINVAL);
    // Only of what is open for writing, and of such files.
    fd = sealable(PAGE);
    char path[40];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    int readonly = open(path, O_RDONLY);
    CHECK(readonly >= 0);
    CHECK_ERRNO(fcntl(readonly, F_ADD_SEALS, F_SEAL_GROW), EPERM);
    CHECK_EQ(fcntl(readonly, F_GET_SEALS), 0);
    int ends[2];
    CHECK(pipe(ends) == 0);
    CHECK_ERRNO(fcntl(ends[1], F_GET_SEALS), EINVAL);
    CHECK_ERRNO(fcntl(ends[1], F_ADD_SEALS, F_SEAL_GROW), EINVAL);
    char name[260];
    memset(name, 'n', 259), name[259] = 0;
    CHECK_ERRNO(memfd_create(name, 0), EINVAL);
    name[249] = 0;
    CHECK(memfd_create(name, 0) >= 0);
}
