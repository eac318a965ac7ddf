// A token passes through a ring of eight processes a hundred times; killing one breaks the ring for all.
#include "../test.h"

enum { SIZE = 8 };

int main(void) {
    int pipes[SIZE][2];
    pid_t children[SIZE];
    for (int i = 0; i < SIZE; i++) CHECK(pipe(pipes[i]) == 0);
    for (int i = 0; i < SIZE - 1; i++) {
        children[i] = fork_child();
        if (children[i] == 0) {
            int token;
            for (int n = 0; n < SIZE; n++) {
                if (n != i) CHECK(close(pipes[n][0]) == 0);
                if (n != i + 1) CHECK(close(pipes[n][1]) == 0);
            }
            while (read(pipes[i][0], &token, sizeof token) == sizeof token) {
                token++;
                CHECK_EQ(write(pipes[i + 1][1], &token, sizeof token), sizeof token);
            }
            _exit(10 + i);
        }
    }
    for (int n = 0; n < SIZE; n++) {
        if (n != SIZE - 1) CHECK(close(pipes[n][0]) == 0);
        if (n != 0) CHECK(close(pipes[n][1]) == 0);
    }
    int token = 0;
    for (int round = 1; round <= 100; round++) {
        CHECK_EQ(write(pipes[0][1], &token, sizeof token), sizeof token);
        CHECK_EQ(read(pipes[SIZE - 1][0], &token, sizeof token), sizeof token);
        CHECK_EQ(token, round * (SIZE - 1));
    }
    CHECK(kill(children[3], SIGKILL) == 0);
    CHECK_EQ(read(pipes[SIZE - 1][0], &token, sizeof token), 0);
    CHECK(close(pipes[0][1]) == 0);
    for (int i = 0; i < SIZE - 1; i++) {
        if (i == 3) CHECK_DIES(children[i], SIGKILL);
        else CHECK_EXITS(children[i], 10 + i);
    }
    puts("ok");
}
