// A new program starts with the usual floating-point control and no flags left over from the old one.
#include "../test.h"

int main(int argc, char **argv) {
    unsigned mxcsr;
    unsigned short control;
    if (argc > 1) {
        __asm__ volatile("stmxcsr %0\n\tfnstcw %1" : "=m"(mxcsr), "=m"(control));
        CHECK_EQ(mxcsr & 0xffc0, 0x1f80);
        CHECK_EQ(control, 0x037f);
        unsigned long flags;
        __asm__ volatile("pushf\n\tpop %0" : "=r"(flags));
        CHECK_EQ(flags & (1UL << 18 | 1UL << 10 | 1UL << 8), 0);
        return 4;
    }
    pid_t child = fork_child();
    if (child == 0) {
        char *arguments[] = {argv[0], "again", NULL}, *environment[] = {NULL};
        mxcsr = 0x1f80 | 0x6000 | 0x8000;
        control = 0x0c7f;
        long result;
        __asm__ volatile("ldmxcsr %1\n\tfldcw %2\n\tsyscall"
                         : "=a"(result)
                         : "m"(mxcsr), "m"(control), "a"(SYS_execve), "D"(argv[0]), "S"(arguments), "d"(environment)
                         : "rcx", "r11", "memory");
        _exit(99);
    }
    CHECK_EXITS(child, 4);
    puts("ok");
}
