// A thread made by clone3: stack and size are given as lowest address and length.
#include "../test.h"
#include <linux/futex.h>
#include <linux/sched.h>

static _Atomic int word = -1, seen;

static void child(void) {
    seen = 7;
    raw(SYS_exit, 0);
}

int main(void) {
    char *stack = map_pages(8);
    struct clone_args args = {
        .flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_CHILD_CLEARTID,
        .child_tid = (uintptr_t)&word,
        .stack = (uintptr_t)stack,
        .stack_size = 8 * PAGE,
    };
    long tid;
    __asm__ volatile("syscall\n\ttest %%rax, %%rax\n\tjnz 1f\n\txor %%ebp, %%ebp\n\tcall *%%rbx\n\thlt\n1:"
                     : "=a"(tid) : "a"(SYS_clone3), "D"(&args), "S"(sizeof args), "b"(child) : "rcx", "r11", "memory");
    CHECK(tid > 0);
    while (word) raw(SYS_futex, &word, FUTEX_WAIT, -1, NULL);
    CHECK_EQ(seen, 7);
    puts("ok");
}
