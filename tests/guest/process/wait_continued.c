// A continuation is reported once and only to those who ask.
#include "../test.h"

int main(void) {
    int status;
    pid_t child = fork_child();
    if (child == 0)
        for (;;) pause();
    CHECK(kill(child, SIGCONT) == 0);
    CHECK_EQ(waitpid(child, &status, WCONTINUED | WNOHANG), 0);
    for (int i = 0; i < 3; i++) {
        CHECK(kill(child, SIGSTOP) == 0);
        CHECK_EQ(waitpid(child, &status, WUNTRACED), child);
        CHECK_EQ(waitpid(child, &status, WCONTINUED | WNOHANG), 0);
        CHECK(kill(child, SIGCONT) == 0);
        CHECK_EQ(waitpid(child, &status, WUNTRACED | WNOHANG), 0);
        CHECK_EQ(waitpid(child, &status, WCONTINUED), child);
        CHECK_EQ(status, 0xffff);
        CHECK(WIFCONTINUED(status) && !WIFSTOPPED(status) && !WIFEXITED(status));
        CHECK_EQ(waitpid(child, &status, WCONTINUED | WNOHANG), 0);
    }
    CHECK(kill(child, SIGKILL) == 0);
    CHECK_DIES(child, SIGKILL);
    puts("ok");
}
