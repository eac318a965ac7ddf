// A pidfd names the same process in a child, and its fdinfo tells the number.
#include "../test.h"

int main(void) {
    char path[64], text[1024], wanted[32];
    pid_t target = fork_child();
    if (target == 0)
        for (;;) pause();
    int pidfd = (int)raw(SYS_pidfd_open, target, 0);
    CHECK(pidfd >= 0);
    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", pidfd);
    snprintf(wanted, sizeof wanted, "\nPid:\t%d\n", target);
    CHECK(read_text(path, text, sizeof text) > 0);
    CHECK(strstr(text, wanted));
    pid_t child = fork_child();
    if (child == 0) {
        CHECK_EQ(raw(SYS_pidfd_send_signal, pidfd, SIGKILL, NULL, 0), 0);
        CHECK_ERRNO(waitid((idtype_t)3, (id_t)pidfd, NULL, WEXITED), ECHILD);
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    CHECK_DIES(target, SIGKILL);
    CHECK(read_text(path, text, sizeof text) > 0);
    CHECK(strstr(text, "\nPid:\t-1\n"));
    puts("ok");
}
