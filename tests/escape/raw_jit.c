// cases: flipped writable shared_code
// A `syscall` in code that was generated: on a page made executable after writing, on one that stays writable,
// and rewritten after it has run once.
#include "attack.h"

int main(int argc, char **argv) {
    (void)argc;
    plan(argv);
    int both = strcmp(attack_case, "flipped") != 0;
    int first = PROT_READ | PROT_WRITE | (both ? PROT_EXEC : 0);
    unsigned char *page = mmap(0, PAGE, first, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) return 2;
    CASE("shared_code") {
        // The getpid stub runs, and may be patched, before it becomes something else.
        memcpy(page + 64, "\xb8\x27\x00\x00\x00\x0f\x05\xc3", 8);
        for (int i = 0; i < 3; i++) ((long (*)(void))(page + 64))();
        memcpy(page + 64, "\x90\x90\x90\x90\x90\x0f\x05\xc3", 8);
        print_secret_at((uintptr_t)page + 64);
        return 0;
    }
    memcpy(page, "\x0f\x05\xc3", 3);
    if (!both && mprotect(page, PAGE, PROT_READ | PROT_EXEC)) return 2;
    print_secret_at((uintptr_t)page);
    return 0;
}
