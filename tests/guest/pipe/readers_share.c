// Several reading processes share out a pipe: each byte goes to exactly one of them.
#include "../test.h"

enum { READERS = 3, BYTES = 60000 };

int main(void) {
    int ends[2];
    _Atomic unsigned char *seen = shared_pages(16);
    pid_t readers[READERS];
    CHECK(pipe(ends) == 0);
    for (int i = 0; i < READERS; i++) {
        readers[i] = fork_child();
        if (readers[i] == 0) {
            CHECK(close(ends[1]) == 0);
            unsigned short words[64];
            for (ssize_t got; (got = read(ends[0], words, sizeof words)) != 0;) {
                CHECK(got > 0 && got % 2 == 0);
                for (ssize_t n = 0; n < got / 2; n++) seen[words[n]]++;
            }
            _exit(0);
        }
    }
    for (unsigned i = 0; i < BYTES; i += 100) {
        unsigned short words[100];
        for (unsigned n = 0; n < 100; n++) words[n] = (unsigned short)(i + n);
        CHECK_EQ(write(ends[1], words, sizeof words), sizeof words);
    }
    CHECK(close(ends[1]) == 0);
    for (int i = 0; i < READERS; i++) CHECK_EXITS(readers[i], 0);
    for (int i = 0; i < BYTES; i++) CHECK_EQ(seen[i], 1);
    puts("ok");
}
