// A handler may repair the cause and return: the instruction runs again. It may also move the program on.
#include "../test.h"
#include <ucontext.h>

static volatile int repairs;

static void repair(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)context;
    repairs++;
    char *page = (char *)((uintptr_t)info->si_addr & ~(PAGE - 1));
    CHECK(mprotect(page, PAGE, PROT_READ | PROT_WRITE) == 0);
}

static void skip(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info;
    ucontext_t *frame = context;
    frame->uc_mcontext.gregs[REG_RIP] += 2;
    frame->uc_mcontext.gregs[REG_RBX] = 4711;
}

int main(void) {
    handle(SIGSEGV, repair, 0);
    char *p = map_pages(50);
    CHECK(mprotect(p, 50 * PAGE, PROT_NONE) == 0);
    for (int i = 0; i < 50; i++) p[i * PAGE + i] = (char)i;
    for (int i = 0; i < 50; i++) CHECK_EQ(p[i * PAGE + i], i);
    CHECK_EQ(repairs, 50);
    handle(SIGILL, skip, 0);
    long rbx = 1;
    __asm__ volatile("ud2" : "+b"(rbx));
    printf("%ld\n", rbx);
}
