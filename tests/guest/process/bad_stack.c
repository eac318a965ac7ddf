// A system call works with any value in the stack pointer: the kernel never uses the caller's stack.
#include "../test.h"

static long call_with_rsp(long rsp, long nr) {
    long result;
    __asm__ volatile("mov %%rsp, %%r12\n\tmov %2, %%rsp\n\tsyscall\n\tmov %%rsp, %%r13\n\tmov %%r12, %%rsp"
                     : "=a"(result) : "a"(nr), "r"(rsp) : "rcx", "r11", "r12", "r13", "memory");
    register long after __asm__("r13");
    (void)after;
    return result;
}

int main(void) {
    char *gone = hole(1);
    long values[] = {0, 8, -1, (long)0x8000000000000000, (long)0xffff800000000000, (long)gone, (long)"read only text", 0x12345};
    for (int round = 0; round < 20; round++)
        for (size_t i = 0; i < COUNT(values); i++) {
            CHECK_EQ(call_with_rsp(values[i], SYS_getpid), getpid());
            CHECK_EQ(call_with_rsp(values[i], 10000), -ENOSYS);
        }
    puts("ok");
}
