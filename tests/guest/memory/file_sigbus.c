// A page wholly past the end of the file raises SIGBUS with BUS_ADRERR at that address; after the file has
// grown the page is there. Cutting the file takes pages away again.
#include "../test.h"
#include <setjmp.h>

static sigjmp_buf back;
static siginfo_t last;

static void on_fault(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)context;
    last = *info;
    siglongjmp(back, 1);
}

static int faults(volatile char *p) {
    if (sigsetjmp(back, 1)) {
        CHECK_EQ(last.si_signo, SIGBUS);
        CHECK_EQ(last.si_code, BUS_ADRERR);
        CHECK(last.si_addr == p);
        return 1;
    }
    (void)*p;
    return 0;
}

int main(void) {
    handle(SIGBUS, on_fault, 0);
    int fd = file_with("f", "abc", 3);
    char *p = mmap(NULL, 3 * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
    CHECK(p != MAP_FAILED);
    printf("%d %d %d\n", faults(p + PAGE - 1), faults(p + PAGE), faults(p + 2 * PAGE + 77));
    CHECK(ftruncate(fd, PAGE + 1) == 0);
    printf("%d %d\n", faults(p + PAGE), faults(p + 2 * PAGE));
    CHECK(ftruncate(fd, 0) == 0);
    printf("%d\n", faults(p));
    char byte;
    CHECK_ERRNO(write(open("g", O_CREAT | O_WRONLY, 0600), p, 1), EFAULT);
    CHECK(read(fd, &byte, 1) == 0);
}
