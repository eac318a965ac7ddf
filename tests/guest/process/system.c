// needs: /bin/sh
// system: the shell's exit code, a missing command, a death by signal, and the caller's signals restored.
#include "../test.h"

int main(void) {
    struct sigaction action;
    sigset_t now;
    CHECK(system(NULL) != 0);
    CHECK_EQ(system("exit 3"), 3 << 8);
    CHECK_EQ(system("true && false"), 1 << 8);
    CHECK_EQ(system("/no/such/program 2>/dev/null"), 127 << 8);
    CHECK_EQ(system("kill -TERM $$"), SIGTERM);
    CHECK_EQ(system("echo made > made"), 0);
    CHECK(access("made", F_OK) == 0);
    CHECK(sigaction(SIGINT, NULL, &action) == 0 && action.sa_handler == SIG_DFL);
    CHECK(sigprocmask(SIG_BLOCK, NULL, &now) == 0 && !sigismember(&now, SIGCHLD));
    puts("ok");
}
