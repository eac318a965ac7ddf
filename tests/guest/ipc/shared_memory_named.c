// shm_open: one object by name in two programs; sizes, O_EXCL, rights, and memory that outlives its name.
#include "../test.h"

int main(int argc, char **argv) {
    if (argc > 1) {
        int fd = shm_open(argv[1], O_RDWR, 0);
        struct stat st;
        CHECK(fd >= 0 && fcntl(fd, F_GETFD) == FD_CLOEXEC);
        CHECK(fstat(fd, &st) == 0 && st.st_size == 2 * (long)PAGE);
        char *p = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        CHECK(p != MAP_FAILED && p[0] == 'p');
        p[PAGE] = 'c';
        return 6;
    }
    char name[64];
    snprintf(name, sizeof name, "/litebox-test-%d", getpid());
    CHECK_ERRNO(shm_open(name, O_RDWR, 0), ENOENT);
    int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    CHECK(fd >= 0 && ftruncate(fd, 2 * PAGE) == 0);
    CHECK_ERRNO(shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600), EEXIST);
    char *p = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    CHECK(p != MAP_FAILED);
    p[0] = 'p';
    pid_t child = fork_child();
    if (child == 0) {
        execl(argv[0], argv[0], name, NULL);
        _exit(99);
    }
    CHECK_EXITS(child, 6);
    CHECK_EQ(p[PAGE], 'c');
    CHECK(shm_unlink(name) == 0);
    CHECK_ERRNO(shm_unlink(name), ENOENT);
    child = fork_child();
    if (child == 0) {
        p[1] = 'u';
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    CHECK_EQ(p[1], 'u');
    puts("ok");
}
