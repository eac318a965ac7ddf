// A shared file mapping: processes that map the file on their own see each other's writes; so does read.
#include "../test.h"

int main(int argc, char **argv) {
    if (argc > 1) {
        int fd = open("f", O_RDWR);
        _Atomic char *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        CHECK(p != MAP_FAILED && p[0] == 'a');
        p[1] = 'c';
        while (p[2] != 'p') sched_yield();
        CHECK(pwrite(fd, "w", 1, 3) == 1);
        return 0;
    }
    char block[PAGE] = "a";
    int fd = file_with("f", block, sizeof block);
    _Atomic char *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    CHECK(p != MAP_FAILED);
    pid_t child = fork_child();
    if (child == 0) {
        execl(argv[0], argv[0], "again", NULL);
        _exit(99);
    }
    while (p[1] != 'c') CHECK_EQ(waitpid(child, NULL, WNOHANG), 0);
    p[2] = 'p';
    while (p[3] != 'w') sched_yield();
    CHECK_EXITS(child, 0);
    CHECK(pread(fd, block, 4, 0) == 4 && memcmp(block, "acpw", 4) == 0);
    puts("ok");
}
