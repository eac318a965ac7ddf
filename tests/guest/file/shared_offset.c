// Threads that write through one description with O_APPEND or a shared offset lose nothing.
#include "../test.h"

static int fd;

static void *body(void *argument) {
    char line[16];
    int length = snprintf(line, sizeof line, "line of %ld\n", (long)argument);
    for (int i = 0; i < 2000; i++) CHECK_EQ(write(fd, line, (size_t)length), length);
    return NULL;
}

static void round_with(int flags) {
    fd = open("f", O_RDWR | O_CREAT | O_TRUNC | flags, 0600);
    pthread_t threads[4];
    for (long i = 0; i < 4; i++) threads[i] = spawn(body, (void *)i);
    for (long i = 0; i < 4; i++) join(threads[i]);
    CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
    FILE *file = fdopen(fd, "r");
    char line[64];
    int counts[4] = {0}, which;
    while (fgets(line, sizeof line, file)) {
        CHECK_EQ(sscanf(line, "line of %d\n", &which), 1);
        counts[which]++;
    }
    printf("%d %d %d %d\n", counts[0], counts[1], counts[2], counts[3]);
    fclose(file);
}

int main(void) {
    round_with(O_APPEND);
    round_with(0);
}
