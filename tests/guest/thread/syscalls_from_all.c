// Eight threads make different system calls at once; each gets the answers to its own.
#include "../test.h"

static void *body(void *argument) {
    long me = (long)argument;
    int ends[2], fd = open("/dev/zero", O_RDONLY);
    char name[16], out[64], in[64];
    CHECK(fd >= 0 && pipe(ends) == 0);
    snprintf(name, sizeof name, "file%ld", me);
    for (int i = 0; i < 500; i++) {
        memset(out, (int)me * 16 + i % 16, sizeof out);
        CHECK_EQ(write(ends[1], out, sizeof out), sizeof out);
        CHECK_EQ(read(ends[0], in, sizeof in), sizeof in);
        CHECK(memcmp(in, out, sizeof in) == 0);
        int file = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
        CHECK(file >= 0 && write(file, out, 10 + (size_t)me) == 10 + me);
        struct stat st;
        CHECK(fstat(file, &st) == 0 && st.st_size == 10 + me && close(file) == 0);
        CHECK_EQ(read(fd, in, (size_t)me), me);
        CHECK_EQ(gettid(), raw(SYS_gettid));
    }
    return NULL;
}

int main(void) {
    pthread_t threads[8];
    for (long i = 0; i < 8; i++) threads[i] = spawn(body, (void *)i);
    for (long i = 0; i < 8; i++) join(threads[i]);
    puts("ok");
}
