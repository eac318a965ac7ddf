// tgkill reaches one thread of another process; a thread number with the wrong process is ESRCH.
#include "../test.h"

static _Atomic int *report;
static struct gate ready;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    report[1] = gettid();
}

static void *body(void *unused) {
    report[0] = gettid();
    open_gate(ready);
    while (!report[1]) pause();
    return unused;
}

int main(void) {
    report = shared_pages(1);
    ready = new_gate();
    pid_t child = fork_child();
    if (child == 0) {
        handle(SIGUSR1, on_signal, 0);
        join(spawn(body, NULL));
        _exit(0);
    }
    pass_gate(ready);
    CHECK_EQ(raw(SYS_tgkill, getpid(), report[0], SIGUSR1), -ESRCH);
    CHECK_EQ(raw(SYS_tgkill, report[0], report[0], SIGUSR1), -ESRCH);
    CHECK_EQ(raw(SYS_tgkill, child, report[0], 0), 0);
    CHECK_EQ(raw(SYS_tgkill, child, report[0], SIGUSR1), 0);
    // The first may come between the thread's look and its pause.
    while (waitpid(child, NULL, WNOHANG) == 0) {
        raw(SYS_tgkill, child, report[0], SIGUSR1);
        sched_yield();
    }
    CHECK_EQ(report[1], report[0]);
    puts("ok");
}
