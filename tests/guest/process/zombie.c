// A child that has ended keeps its number and its group until it is waited for; signals to it do nothing.
#include "../test.h"

int main(void) {
    siginfo_t info;
    char path[64], text[64];
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(setpgid(0, 0) == 0);
        _exit(9);
    }
    CHECK(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) == 0);
    CHECK_EQ(state_of(child), 'Z');
    CHECK(kill(child, 0) == 0 && kill(child, SIGKILL) == 0 && kill(-child, 0) == 0);
    CHECK_EQ(getpgid(child), child);
    CHECK_EQ(getsid(child), getsid(0));
    CHECK_EQ(raw(SYS_tgkill, child, child, SIGTERM), 0);
    snprintf(path, sizeof path, "/proc/%d/cmdline", child);
    CHECK_EQ(read_text(path, text, sizeof text), 0);
    CHECK_EXITS(child, 9);
    CHECK_ERRNO(kill(child, 0), ESRCH);
    CHECK_ERRNO(kill(-child, 0), ESRCH);
    CHECK_ERRNO(getpgid(child), ESRCH);
    CHECK_ERRNO(getsid(child), ESRCH);
    CHECK_EQ(state_of(child), 0);
    puts("ok");
}
