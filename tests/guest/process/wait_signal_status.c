// A death by signal arrives as the signal's number, realtime signals too, whoever sent it.
#include "../test.h"

int main(void) {
    int numbers[] = {SIGHUP, SIGINT, SIGKILL, SIGUSR1, SIGPIPE, SIGTERM, SIGIO, SIGRTMIN, SIGRTMAX};
    for (size_t i = 0; i < COUNT(numbers); i++)
        for (int by_parent = 0; by_parent < 2; by_parent++) {
            int status = -1;
            pid_t child = fork_child();
            if (child == 0) {
                if (!by_parent) kill(getpid(), numbers[i]);
                for (;;) pause();
            }
            if (by_parent) CHECK(kill(child, numbers[i]) == 0);
            CHECK_EQ(waitpid(child, &status, 0), child);
            CHECK(WIFSIGNALED(status) && !WIFEXITED(status) && !WIFSTOPPED(status) && !WCOREDUMP(status));
            CHECK_EQ(status, numbers[i]);
        }
    puts("ok");
}
