// clone3 with set_tid: impossible requests are EINVAL, and who has no privilege is refused with EPERM.
#include "../test.h"
#include <linux/sched.h>

static long try(const pid_t *numbers, unsigned long count) {
    struct clone_args args = {.exit_signal = SIGCHLD, .set_tid = (uintptr_t)numbers, .set_tid_size = count};
    long child = raw(SYS_clone3, &args, sizeof args);
    if (child == 0) raw(SYS_exit_group, 0);
    return child;
}

int main(void) {
    pid_t numbers[40] = {0};
    CHECK_EQ(try(numbers, 33), -EINVAL);
    CHECK_EQ(try(numbers, 0), -EINVAL);
    CHECK_EQ(try(NULL, 1), -EINVAL);
    CHECK_EQ(try((pid_t *)8, 1), -EFAULT);
    numbers[0] = 0;
    CHECK_EQ(try(numbers, 1), -EINVAL);
    numbers[0] = -5;
    CHECK_EQ(try(numbers, 1), -EINVAL);
    if (geteuid() == 0) CHECK(setresuid(65534, 65534, 65534) == 0);
    numbers[0] = 30000;
    CHECK_EQ(try(numbers, 1), -EPERM);
    CHECK_ERRNO(wait(NULL), ECHILD);
    puts("ok");
}
