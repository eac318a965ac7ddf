// What clone and clone3 refuse.
#include "../test.h"
#include <linux/sched.h>

static int body(void *unused) {
    (void)unused;
    return 0;
}

int main(void) {
    char *stack = map_pages(4) + 4 * PAGE;
    CHECK_ERRNO(clone(body, stack, CLONE_SIGHAND | SIGCHLD, NULL), EINVAL);
    CHECK_ERRNO(clone(body, stack, CLONE_THREAD | CLONE_VM, NULL), EINVAL);
    struct clone_args args = {.exit_signal = SIGCHLD};
    CHECK_EQ(raw(SYS_clone3, &args, 63), -EINVAL);
    CHECK_EQ(raw(SYS_clone3, NULL, sizeof args), -EFAULT);
    char big[200] = {0};
    big[150] = 1;
    CHECK_EQ(raw(SYS_clone3, big, sizeof big), -E2BIG);
    CHECK_EQ(raw(SYS_clone3, big, 2 * PAGE), -E2BIG);
    args.flags = CLONE_SIGHAND;
    CHECK_EQ(raw(SYS_clone3, &args, sizeof args), -EINVAL);
    args.flags = CLONE_THREAD;
    CHECK_EQ(raw(SYS_clone3, &args, sizeof args), -EINVAL);
    args = (struct clone_args){.flags = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD, .exit_signal = SIGCHLD};
    CHECK_EQ(raw(SYS_clone3, &args, sizeof args), -EINVAL);
    args = (struct clone_args){.flags = CLONE_VM, .exit_signal = 65};
    CHECK_EQ(raw(SYS_clone3, &args, sizeof args), -EINVAL);
    args = (struct clone_args){.flags = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD, .stack_size = PAGE};
    CHECK_EQ(raw(SYS_clone3, &args, sizeof args), -EINVAL);
    args = (struct clone_args){.flags = 1ULL << 62, .exit_signal = SIGCHLD};
    CHECK_EQ(raw(SYS_clone3, &args, sizeof args), -EINVAL);
    puts("ok");
}
