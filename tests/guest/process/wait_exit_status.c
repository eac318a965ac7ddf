// Exit codes arrive as their low eight bits, by exit, _exit, return and the plain exit call.
#include "../test.h"

int main(void) {
    int codes[] = {0, 1, 42, 127, 128, 254, 255, 256, 259, -1};
    for (size_t i = 0; i < COUNT(codes); i++)
        for (int way = 0; way < 3; way++) {
            int status = -1;
            pid_t child = fork_child();
            if (child == 0) {
                if (way == 0) exit(codes[i]);
                if (way == 1) _exit(codes[i]);
                raw(SYS_exit, codes[i]);
            }
            CHECK_EQ(waitpid(child, &status, 0), child);
            CHECK(WIFEXITED(status) && !WIFSIGNALED(status) && !WIFSTOPPED(status) && !WIFCONTINUED(status));
            CHECK_EQ(status, (codes[i] & 255) << 8);
        }
    puts("ok");
}
