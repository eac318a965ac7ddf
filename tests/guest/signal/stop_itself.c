// A process stops itself, by kill and by raise of a stop signal, and its parent continues it.
#include "../test.h"

int main(void) {
    int numbers[] = {SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU}, status;
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(setpgid(0, 0) == 0);
        for (size_t i = 0; i < COUNT(numbers); i++) CHECK((i % 2 ? raise(numbers[i]) : kill(getpid(), numbers[i])) == 0);
        _exit(5);
    }
    for (size_t i = 0; i < COUNT(numbers); i++) {
        CHECK_EQ(waitpid(child, &status, WUNTRACED), child);
        CHECK_EQ(status, numbers[i] << 8 | 0x7f);
        CHECK(kill(child, SIGCONT) == 0);
    }
    CHECK_EXITS(child, 5);
    puts("ok");
}
