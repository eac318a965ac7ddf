// A shared mapping follows its file: read and write see its stores, pages that a cut takes away raise SIGBUS, what
// was beyond the cut is zero when the file grows again, and a hole punched under it reads as zeros.
#include "../test.h"
#include <setjmp.h>

static sigjmp_buf back;

static void on_fault(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    siglongjmp(back, 1);
}

static int faults(volatile char *p) {
    if (sigsetjmp(back, 1)) return 1;
    (void)*p;
    return 0;
}

int main(void) {
    handle(SIGBUS, on_fault, 0);
    enum { PAGES = 40 };
    int fd = open("f", O_CREAT | O_RDWR, 0600);
    CHECK(ftruncate(fd, PAGES * PAGE) == 0);
    char *p = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    CHECK(p != MAP_FAILED);
    for (int i = 0; i < PAGES; i++) p[i * PAGE + 7] = 'a' + i % 26;
    char byte;
    for (int i = 0; i < PAGES; i++) CHECK(pread(fd, &byte, 1, i * PAGE + 7) == 1 && byte == 'a' + i % 26);

    CHECK(ftruncate(fd, 20 * PAGE + 3) == 0);
    printf("%d %d %d\n", faults(p + 20 * PAGE), faults(p + 21 * PAGE), faults(p + 39 * PAGE));
    CHECK_EQ(p[20 * PAGE + 7], 0);
    int other = open("g", O_CREAT | O_RDWR, 0600);
    CHECK_ERRNO(write(other, p + 30 * PAGE, 10), EFAULT);
    CHECK_EQ(write(other, p + 20 * PAGE, 2 * PAGE), PAGE);

    CHECK(pwrite(fd, "xyz", 3, 35 * PAGE) == 3);
    printf("%d %d\n", faults(p + 35 * PAGE), faults(p + 36 * PAGE));
    CHECK(memcmp(p + 35 * PAGE, "xyz", 3) == 0);
    for (int i = 21; i < 35; i++) CHECK_EQ(p[i * PAGE + 7], 0);
    CHECK_EQ(write(other, p + 34 * PAGE, 2 * PAGE), 2 * PAGE);

    CHECK(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 2 * PAGE, PAGE) == 0);
    CHECK_EQ(p[2 * PAGE + 7], 0);
    p[2 * PAGE + 7] = 'n';
    CHECK(pread(fd, &byte, 1, 2 * PAGE + 7) == 1 && byte == 'n');
    CHECK(madvise(p + 3 * PAGE, PAGE, MADV_REMOVE) == 0);
    CHECK_EQ(p[3 * PAGE + 7], 0);

    CHECK(close(fd) == 0 && unlink("f") == 0);
    CHECK_EQ(p[7], 'a');
    CHECK(munmap(p, PAGES * PAGE) == 0);
    puts("ok");
}
