// A `syscall` in code that the attack wrote to its heap.
#include "attack.h"

int main(int argc, char **argv) {
    (void)argc;
    plan(argv);
    char *heap = malloc(4 * PAGE);
    char *page = (char *)(((uintptr_t)heap + PAGE) & ~(PAGE - 1));
    memcpy(page, "\x0f\x05\xc3", 3);
    if (mprotect(page, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC)) return 2;
    print_secret_at((uintptr_t)page);
    return 0;
}
