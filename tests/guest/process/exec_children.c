// execve with live children: they stay children and can be waited for; a shell does so too.
#include "../test.h"

int main(int argc, char **argv) {
    if (argc > 1) {
        int status;
        CHECK(close(atoi(argv[2])) == 0);
        CHECK_EQ(wait(&status), atoi(argv[1]));
        CHECK_EQ(status, 44 << 8);
        return 0;
    }
    int ends[2];
    char number[16], descriptor[16], byte;
    CHECK(pipe(ends) == 0);
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(close(ends[1]) == 0);
        CHECK_EQ(read(ends[0], &byte, 1), 0);
        _exit(44);
    }
    snprintf(number, sizeof number, "%d", child);
    snprintf(descriptor, sizeof descriptor, "%d", ends[1]);
    execl(argv[0], argv[0], number, descriptor, NULL);
    FAIL("execl");
}
