// Processor exceptions are signals: number, code and address of each.
#include "../test.h"
#include <setjmp.h>

static sigjmp_buf back;
static siginfo_t last;
static volatile int zero;

static void on_fault(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)context;
    last = *info;
    siglongjmp(back, 1);
}

#define PROVOKE(name, action)                                                                      \
    do {                                                                                           \
        memset(&last, 0, sizeof last);                                                             \
        if (sigsetjmp(back, 1) == 0) {                                                             \
            action;                                                                                \
            FAIL("%s did not fault", name);                                                        \
        }                                                                                          \
        printf("%s: signal %d code %d\n", name, last.si_signo, last.si_code);                     \
    } while (0)

int main(void) {
    int signals[] = {SIGFPE, SIGILL, SIGTRAP, SIGSEGV, SIGBUS};
    for (size_t i = 0; i < COUNT(signals); i++) handle(signals[i], on_fault, 0);
    PROVOKE("divide", __asm__ volatile("div %0" : : "r"(zero), "a"(1), "d"(0)));
    PROVOKE("ud2", __asm__ volatile("ud2"));
    PROVOKE("int3", __asm__ volatile("int3"));
    PROVOKE("null", *(volatile int *)0 = 1);
    CHECK(last.si_addr == NULL);
    char *gone = hole(1);
    PROVOKE("hole", *(volatile char *)(gone + 123));
    CHECK(last.si_addr == gone + 123);
    PROVOKE("non-canonical", *(volatile char *)0x8000000000000000);
    CHECK(last.si_addr == NULL);
    PROVOKE("hlt", __asm__ volatile("hlt"));
    CHECK(last.si_addr == NULL);
    PROVOKE("cli", __asm__ volatile("cli"));
    PROVOKE("kernel address", *(volatile char *)0xffff800000000000);
    PROVOKE("jump to data", ((void (*)(void))map_pages(1))());
    PROVOKE("jump to null", ((void (*)(void))(uintptr_t)zero)());
    CHECK(last.si_addr == NULL);
}
