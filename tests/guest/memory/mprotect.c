// Each protection is legal alone; a fault says SEGV_ACCERR for a protected page, SEGV_MAPERR for none.
#include "../test.h"
#include <setjmp.h>

static sigjmp_buf back;
static volatile int code;

static void on_fault(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)context;
    code = info->si_code;
    siglongjmp(back, 1);
}

static const char *try_write(volatile char *p) {
    if (sigsetjmp(back, 1)) return code == SEGV_ACCERR ? "ACCERR" : code == SEGV_MAPERR ? "MAPERR" : "other";
    *p = 1;
    return "fine";
}

int main(void) {
    handle(SIGSEGV, on_fault, 0);
    char *p = map_pages(3);
    int prots[] = {PROT_NONE, PROT_READ, PROT_WRITE, PROT_EXEC, PROT_READ | PROT_EXEC, PROT_READ | PROT_WRITE | PROT_EXEC, PROT_WRITE | PROT_EXEC};
    for (size_t i = 0; i < COUNT(prots); i++) {
        CHECK(mprotect(p, PAGE, prots[i]) == 0);
        printf("%d %s\n", prots[i], try_write(p));
        CHECK_EQ(p[PAGE] = 1, 1);
    }
    CHECK(munmap(p + PAGE, PAGE) == 0);
    printf("hole %s\n", try_write(p + PAGE));
    CHECK(mprotect(p + 2 * PAGE, 1, PROT_READ) == 0);
    printf("rounded %s\n", try_write(p + 3 * PAGE - 1));
}
