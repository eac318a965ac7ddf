// A stop is reported once and only to those who ask; a death takes the place of a stop not asked for.
#include "../test.h"

int main(void) {
    int status;
    pid_t child = fork_child();
    if (child == 0)
        for (;;) pause();
    // SIGTSTP stops nobody whose group has no parent outside of it in the session.
    CHECK(setpgid(child, child) == 0);
    CHECK(kill(child, SIGSTOP) == 0);
    CHECK_EQ(waitpid(child, &status, WUNTRACED), child);
    CHECK(WIFSTOPPED(status) && !WIFEXITED(status) && !WIFSIGNALED(status) && !WIFCONTINUED(status));
    CHECK_EQ(status, 0x7f | SIGSTOP << 8);
    CHECK_EQ(waitpid(child, &status, WUNTRACED | WNOHANG), 0);
    CHECK(kill(child, SIGCONT) == 0);
    CHECK(kill(child, SIGTSTP) == 0);
    CHECK_EQ(waitpid(child, &status, WUNTRACED), child);
    CHECK_EQ(WSTOPSIG(status), SIGTSTP);
    CHECK(kill(child, SIGCONT) == 0 && kill(child, SIGSTOP) == 0);
    wait_until_state(child, 'T');
    CHECK_EQ(waitpid(child, &status, WNOHANG), 0);
    CHECK(kill(child, SIGKILL) == 0);
    CHECK_DIES(child, SIGKILL);
    puts("ok");
}
