// Writes of at most PIPE_BUF bytes from several processes never mix.
#include "../test.h"

enum { WRITERS = 4, WRITES = 200 };

int main(void) {
    int ends[2], counts[WRITERS] = {0};
    static char block[PIPE_BUF];
    pid_t writers[WRITERS];
    CHECK(pipe(ends) == 0);
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = fork_child();
        if (writers[i] == 0) {
            memset(block, 'a' + i, sizeof block);
            for (int n = 0; n < WRITES; n++) CHECK_EQ(write(ends[1], block, sizeof block), sizeof block);
            _exit(0);
        }
    }
    CHECK(close(ends[1]) == 0);
    for (;;) {
        size_t have = 0;
        for (ssize_t got; have < sizeof block && (got = read(ends[0], block + have, sizeof block - have)) != 0; have += (size_t)got) CHECK(got > 0);
        if (have == 0) break;
        CHECK_EQ(have, sizeof block);
        for (size_t i = 1; i < sizeof block; i++) CHECK_EQ(block[i], block[0]);
        counts[block[0] - 'a']++;
    }
    for (int i = 0; i < WRITERS; i++) {
        CHECK_EXITS(writers[i], 0);
        CHECK_EQ(counts[i], WRITES);
    }
    puts("ok");
}
