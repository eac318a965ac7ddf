// native: may fail "no such call exists: the answer is ENOSYS everywhere"
// sandbox: denied
// Numbers that no table has: all bits, the sign, just past every table.
#include "attack.h"

__asm__(".text\nstub: syscall\n ret\n");
extern char stub[];

int main(int argc, char **argv) {
    (void)argc;
    plan(argv);
    const uint64_t numbers[] = {~0UL, 0x80000000, 0x7fffffff, 0x8000000000000000, 0xffffffff, 512, 1000, 4096, 0xffff,
                                0x3fffffff, 0xbfffffff, 500};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if ((numbers[i] & 0xffffffff) == 0) continue;
        long result = AT((uintptr_t)stub, numbers[i], secret, O_RDONLY, 0, 0, 0, 0);
        if (result != -ENOSYS) {
            dprintf(1, "number %#lx answered %ld\n", numbers[i], result);
            return 1;
        }
    }
    return 0;
}
