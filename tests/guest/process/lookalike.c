// Bytes that look like a system call inside another instruction are data and stay as they are.
#include "../test.h"

__attribute__((naked, noinline)) static unsigned long constant(void) {
    // The constant holds mov $39,%eax; syscall; nop.
    __asm__ volatile("movabs $0x90050f00000027b8, %rax\n\tret");
}

int main(void) {
    const unsigned char *code = (const unsigned char *)constant;
    unsigned char before[16];
    memcpy(before, code, 16);
    for (int i = 0; i < 1000; i++) {
        CHECK_EQ(constant(), 0x90050f00000027b8);
        raw(SYS_getpid);
    }
    CHECK(memcmp(before, code, 16) == 0);
    puts("ok");
}
