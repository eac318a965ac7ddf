// mprotect stops at the first hole with ENOMEM; what came before it has changed.
#include "../test.h"
#include <setjmp.h>

static sigjmp_buf back;

static void on_fault(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    siglongjmp(back, 1);
}

static int writable(volatile char *p) {
    if (sigsetjmp(back, 1)) return 0;
    *p = 1;
    return 1;
}

int main(void) {
    handle(SIGSEGV, on_fault, 0);
    char *p = map_pages(4);
    CHECK(munmap(p + PAGE, PAGE) == 0);
    CHECK_ERRNO(mprotect(p, 4 * PAGE, PROT_READ), ENOMEM);
    printf("before %d after %d\n", writable(p), writable(p + 2 * PAGE));
    CHECK_ERRNO(mprotect(p + PAGE, PAGE, PROT_READ), ENOMEM);
    CHECK_ERRNO(mprotect(p + 2 * PAGE + 1, PAGE, PROT_READ), EINVAL);
    CHECK_ERRNO(mprotect(p + 2 * PAGE, PAGE, 0x80), EINVAL);
    CHECK_ERRNO(mprotect(p + 2 * PAGE, -PAGE, PROT_READ), ENOMEM);
    CHECK(mprotect(p + PAGE, 0, PROT_READ) == 0);
    CHECK(mprotect(p + 2 * PAGE, 0, PROT_READ) == 0);
    CHECK_EQ(writable(p + 2 * PAGE), 1);
    int reader = (close(file_with("f", "x", 1)), open("f", O_RDONLY));
    char *shared = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, reader, 0);
    CHECK(shared != MAP_FAILED);
    CHECK_ERRNO(mprotect(shared, PAGE, PROT_READ | PROT_WRITE), EACCES);
}
