// cases: read write kill
// native: may fail "kernels without the i386 table raise SIGSEGV"
// The i386 table, from 64-bit code: other numbers, so that 64-bit rules would be the wrong ones.
#include "attack.h"

static long int80(long number, long a, long b, long c) {
    long result;
    __asm__ volatile("push %%rbx\n mov %2, %%rbx\n int $0x80\n pop %%rbx"
                     : "=a"(result)
                     : "a"(number), "r"(a), "c"(b), "d"(c)
                     : "r8", "r9", "r10", "r11", "memory");
    return result;
}

static char path[200], bytes[200];

int main(int argc, char **argv) {
    (void)argc;
    plan(argv);
    CASE("read") {
        strncpy(path, secret, sizeof path - 1);
        long file = int80(5, (long)path, O_RDONLY, 0);
        long length = file < 0 ? -1 : int80(3, file, (long)bytes, sizeof bytes);
        if (length > 0) int80(4, 1, (long)bytes, length);
    }
    CASE("write") {
        strncpy(path, victim, sizeof path - 1);
        int80(10, (long)path, 0, 0);
    }
    CASE("kill") int80(37, victim_process, SIGKILL, 0);
    return 0;
}
