// A handler may fault itself, three signals deep, and each level comes back.
#include "../test.h"

static volatile int depth;

static void on_segv(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)context;
    depth++;
    CHECK(mprotect((char *)((uintptr_t)info->si_addr & ~(PAGE - 1)), PAGE, PROT_READ | PROT_WRITE) == 0);
}

static char *pages;

static void on_trap(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    pages[0] = 'a';
    depth++;
}

static void on_user(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    __asm__ volatile("int3");
    pages[PAGE] = 'b';
    depth++;
}

int main(void) {
    pages = map_pages(2);
    CHECK(mprotect(pages, 2 * PAGE, PROT_NONE) == 0);
    handle(SIGSEGV, on_segv, 0);
    handle(SIGTRAP, on_trap, 0);
    handle(SIGUSR1, on_user, 0);
    raise(SIGUSR1);
    printf("%d %c %c\n", depth, pages[0], pages[PAGE]);
}
