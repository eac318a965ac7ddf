// With TF set every instruction traps with TRAP_TRACE; a system call in the middle is stepped over.
#include "../test.h"

static volatile int steps, code;

static void on_trap(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)context;
    steps++;
    code = info->si_code;
}

static inline void set_tf(void) {
    __asm__ volatile("pushfq\n\torq $0x100, (%%rsp)\n\tpopfq" ::: "memory", "cc");
}

static inline void clear_tf(void) {
    __asm__ volatile("pushfq\n\tandq $~0x100, (%%rsp)\n\tpopfq" ::: "memory", "cc");
}

int main(void) {
    handle(SIGTRAP, on_trap, 0);
    set_tf();
    __asm__ volatile("nop\n\tnop\n\tnop");
    clear_tf();
    CHECK(steps >= 5 && steps < 12);
    CHECK_EQ(code, TRAP_TRACE);
    steps = 0;
    long pid, nr = SYS_getpid;
    set_tf();
    __asm__ volatile("syscall" : "=a"(pid) : "a"(nr) : "rcx", "r11", "memory");
    clear_tf();
    CHECK(steps >= 3 && steps < 40);
    CHECK_EQ(pid, getpid());
    int before = steps;
    raw(SYS_getpid);
    CHECK_EQ(steps, before);
    puts("ok");
}
