// A jump straight to the syscall instruction, past the load of the number before it, works like the way
// through it, before and after the site was used.
#include "../test.h"

__attribute__((naked, noinline)) static long site(long unused) {
    (void)unused;
    __asm__ volatile("mov $39, %eax\n\t.globl middle\nmiddle:\tsyscall\n\tret");
}

extern char middle[];

static long jump_with(long number) {
    long result;
    __asm__ volatile("call *%1" : "=a"(result) : "r"(middle), "a"(number) : "rcx", "r11", "memory", "cc");
    return result;
}

int main(void) {
    CHECK_EQ(jump_with(SYS_getppid), getppid());
    for (int i = 0; i < 100; i++) {
        CHECK_EQ(site(0), getpid());
        CHECK_EQ(jump_with(SYS_getppid), getppid());
        CHECK_EQ(jump_with(10000), -ENOSYS);
    }
    puts("ok");
}
