// A reader waits for data and for the end; a writer waits for room; 10 MB arrive in order.
#include "../test.h"

static int ends[2];

static void *writer(void *unused) {
    unsigned next = 0;
    static unsigned block[5000];
    for (int n = 0; n < 500; n++) {
        for (size_t i = 0; i < COUNT(block); i++) block[i] = next++;
        CHECK_EQ(write(ends[1], block, sizeof block), sizeof block);
    }
    CHECK(close(ends[1]) == 0);
    return unused;
}

int main(void) {
    CHECK(pipe(ends) == 0);
    pthread_t thread = spawn(writer, NULL);
    static char buffer[12345];
    unsigned long total = 0;
    unsigned char wanted[4];
    for (ssize_t got; (got = read(ends[0], buffer, sizeof buffer)) != 0;) {
        CHECK(got > 0);
        for (ssize_t i = 0; i < got; i++, total++) {
            unsigned word = (unsigned)(total / 4);
            memcpy(wanted, &word, 4);
            CHECK_EQ((unsigned char)buffer[i], wanted[total % 4]);
        }
    }
    join(thread);
    printf("%lu\n", total);
}
