// fork while other threads allocate, lock and print: the child finds the C library in order each time.
#include "../test.h"

static _Atomic int stop, rounds;

static void *hammer(void *unused) {
    while (!stop) {
        char *block = malloc(64 + (size_t)rounds % 5000);
        FILE *stream = fopen("/dev/null", "w");
        CHECK(block && stream);
        fprintf(stream, "%d\n", rounds++);
        fclose(stream);
        free(block);
    }
    return unused;
}

int main(void) {
    pthread_t threads[3];
    for (size_t i = 0; i < COUNT(threads); i++) threads[i] = spawn(hammer, NULL);
    while (rounds < 100) sched_yield();
    for (int i = 0; i < 30; i++) {
        pid_t child = fork_child();
        if (child == 0) {
            for (size_t size = 16; size < 200000; size *= 3) {
                char *block = malloc(size);
                CHECK(block);
                memset(block, 1, size);
                free(block);
            }
            FILE *stream = fopen("/dev/null", "w");
            CHECK(stream && fprintf(stream, "%d", i) > 0 && fclose(stream) == 0);
            _exit(i);
        }
        CHECK_EXITS(child, i);
    }
    stop = 1;
    for (size_t i = 0; i < COUNT(threads); i++) join(threads[i]);
    puts("ok");
}
