// A program's own file, mapped shared and private: private stores stay private; a file made by copying is changed
// through a shared mapping, keeps its other bytes, and shows them to whoever reads.
#include "../test.h"
#include <sys/sendfile.h>

int main(int argc, char **argv) {
    (void)argc;
    int fd = open(argv[0], O_RDONLY);
    CHECK(fd >= 0);
    char *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    CHECK(p != MAP_FAILED && memcmp(p, "\177ELF", 4) == 0);
    p[0] = 'x';
    char *q = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
    CHECK(q != MAP_FAILED && memcmp(q, "\177ELF", 4) == 0);
    CHECK_ERRNO((long)mmap(NULL, PAGE, PROT_WRITE, MAP_SHARED, fd, 0), EACCES);
    CHECK_ERRNO(mprotect(q, PAGE, PROT_WRITE), EACCES);

    struct stat status;
    CHECK(fstat(fd, &status) == 0);
    int copy = open("copy", O_CREAT | O_RDWR, 0600);
    CHECK(copy >= 0 && sendfile(copy, fd, &(off_t){0}, status.st_size) == status.st_size);
    char *all = mmap(NULL, status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, copy, 0);
    CHECK(all != MAP_FAILED && memcmp(all, q, PAGE) == 0);
    all[PAGE] ^= 1;
    char byte;
    CHECK(pread(copy, &byte, 1, PAGE) == 1 && byte == all[PAGE]);
    CHECK(pread(fd, &byte, 1, PAGE) == 1 && byte == (all[PAGE] ^ 1));
    puts("ok");
}
