// Closing the number while another thread is blocked on it: that read goes on with the same pipe.
#include "../test.h"

static int ends[2];
static _Atomic int tid;

static void *reader(void *unused) {
    char byte = 0;
    tid = gettid();
    CHECK_EQ(read(ends[0], &byte, 1), 1);
    (void)unused;
    return (void *)(long)byte;
}

int main(void) {
    CHECK(pipe(ends) == 0);
    pthread_t thread = spawn(reader, NULL);
    while (!tid) sched_yield();
    wait_until_asleep(tid);
    CHECK(close(ends[0]) == 0);
    CHECK_EQ(open("/dev/null", O_RDONLY), ends[0]);
    CHECK(write(ends[1], "k", 1) == 1);
    printf("%c\n", (char)(long)join(thread));
    signal(SIGPIPE, SIG_IGN);
    CHECK_ERRNO(write(ends[1], "x", 1), EPIPE);
}
