// cases: garbage x32_bit_high sign_extended
// The kernel looks at the low half of rax only: garbage above it must not hide a number from the filter.
#include "attack.h"

__asm__(".text\nstub: syscall\n ret\n");
extern char stub[];

int main(int argc, char **argv) {
    (void)argc;
    plan(argv);
    uint64_t upper = 0xdeadbeef00000000;
    CASE("x32_bit_high") upper = 0x4000000000000000;
    CASE("sign_extended") upper = 0xffffffff00000000;
    static char bytes[200];
    long file = AT((uintptr_t)stub, upper | SYS_openat, AT_FDCWD, secret, O_RDONLY, 0);
    long length = file < 0 ? -1 : AT((uintptr_t)stub, upper | SYS_read, file, bytes, sizeof bytes);
    if (length > 0) AT((uintptr_t)stub, upper | SYS_write, 1, bytes, length);
    return 0;
}
