// Writes of at most PIPE_BUF bytes from several threads never mix.
#include "../test.h"

static int ends[2];

static void *body(void *argument) {
    char line[512];
    memset(line, 'a' + (int)(long)argument, sizeof line);
    for (int i = 0; i < 1000; i++) CHECK_EQ(write(ends[1], line, sizeof line), sizeof line);
    return NULL;
}

int main(void) {
    CHECK(pipe(ends) == 0);
    pthread_t threads[4];
    for (long i = 0; i < 4; i++) threads[i] = spawn(body, (void *)i);
    int counts[4] = {0};
    for (int n = 0; n < 4000; n++) {
        char line[512];
        for (size_t have = 0; have < sizeof line;) {
            ssize_t got = read(ends[0], line + have, sizeof line - have);
            CHECK(got > 0);
            have += (size_t)got;
        }
        for (size_t i = 1; i < sizeof line; i++) CHECK_EQ(line[i], line[0]);
        counts[line[0] - 'a']++;
    }
    for (int i = 0; i < 4; i++) join(threads[i]);
    printf("%d %d %d %d\n", counts[0], counts[1], counts[2], counts[3]);
}
