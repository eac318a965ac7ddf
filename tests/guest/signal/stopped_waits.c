// A stopped process takes other signals when it is continued; SIGKILL at once.
#include "../test.h"

static _Atomic int *got;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)info, (void)context;
    *got = signal;
}

int main(void) {
    int status;
    got = shared_pages(1);
    struct gate ready = new_gate();
    pid_t child = fork_child();
    if (child == 0) {
        handle(SIGUSR1, on_signal, 0);
        open_gate(ready);
        for (;;) pause();
    }
    pass_gate(ready);
    CHECK(kill(child, SIGSTOP) == 0);
    CHECK_EQ(waitpid(child, &status, WUNTRACED), child);
    CHECK(kill(child, SIGUSR1) == 0);
    sleep_ms(10);
    CHECK_EQ(*got, 0);
    CHECK(kill(child, SIGCONT) == 0);
    while (!*got) sched_yield();
    CHECK_EQ(*got, SIGUSR1);
    CHECK(kill(child, SIGSTOP) == 0);
    CHECK_EQ(waitpid(child, &status, WUNTRACED), child);
    CHECK(kill(child, SIGTERM) == 0);
    CHECK_EQ(waitpid(child, &status, WNOHANG), 0);
    CHECK(kill(child, SIGKILL) == 0);
    CHECK_DIES(child, SIGKILL);
    puts("ok");
}
