// RLIMIT_FSIZE cuts a write short, then sends SIGXFSZ and returns EFBIG.
#include "../test.h"
#include <sys/resource.h>

static volatile int got;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)info, (void)context;
    got = signal;
}

int main(void) {
    char block[100] = {0};
    struct rlimit limit = {150, RLIM_INFINITY};
    int fd = file_with("f", "", 0);
    handle(SIGXFSZ, on_signal, 0);
    CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    CHECK_EQ(write(fd, block, 100), 100);
    CHECK_EQ(write(fd, block, 100), 50);
    CHECK_EQ(got, 0);
    CHECK_ERRNO(write(fd, block, 100), EFBIG);
    CHECK_EQ(got, SIGXFSZ);
    CHECK_ERRNO(ftruncate(fd, 151), EFBIG);
    CHECK(ftruncate(fd, 150) == 0);
    puts("ok");
}
