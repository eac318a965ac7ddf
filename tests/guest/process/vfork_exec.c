// vfork and execve: the parent goes on when the new program has started; its memory and descriptors stay its own.
#include "../test.h"

int main(int argc, char **argv) {
    if (argc > 1) {
        char byte;
        // Proof that the parent runs while this program does: only it can open the gate.
        CHECK_EQ(read(atoi(argv[1]), &byte, 1), 1);
        return 41;
    }
    int ends[2];
    char number[16];
    CHECK(pipe(ends) == 0);
    snprintf(number, sizeof number, "%d", ends[0]);
    char *arguments[] = {argv[0], number, NULL};
    volatile int mark = 0;
    pid_t child = vfork();
    if (child == 0) {
        mark = 1;
        close(ends[1]);
        execv(argv[0], arguments);
        _exit(127);
    }
    CHECK(child > 0);
    CHECK_EQ(mark, 1);
    CHECK_EQ(waitpid(child, NULL, WNOHANG), 0);
    CHECK_EQ(write(ends[1], "x", 1), 1);
    CHECK_EXITS(child, 41);
    puts("ok");
}
