// A hundred children alive at once, each with its own number and its own exit code.
#include "../test.h"

int main(void) {
    enum { CHILDREN = 100 };
    pid_t children[CHILDREN];
    int ends[2], seen[CHILDREN] = {0};
    char byte;
    CHECK(pipe(ends) == 0);
    for (int i = 0; i < CHILDREN; i++) {
        children[i] = fork_child();
        if (children[i] == 0) {
            CHECK(close(ends[1]) == 0);
            CHECK_EQ(read(ends[0], &byte, 1), 0);
            _exit(i);
        }
        for (int j = 0; j < i; j++) CHECK(children[i] != children[j]);
    }
    CHECK_EQ(waitpid(-1, NULL, WNOHANG), 0);
    CHECK(close(ends[1]) == 0);
    for (int n = 0, status; n < CHILDREN; n++) {
        pid_t pid = wait(&status);
        CHECK(pid > 0 && WIFEXITED(status));
        int i = WEXITSTATUS(status);
        CHECK_EQ(children[i], pid);
        CHECK_EQ(seen[i]++, 0);
    }
    CHECK_ERRNO(wait(NULL), ECHILD);
    puts("ok");
}
