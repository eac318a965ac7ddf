// A timerfd inherited by a child is one timer: whoever reads first gets the expirations, either may set it.
#include "../test.h"
#include <sys/timerfd.h>

int main(void) {
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    uint64_t count;
    struct itimerspec spec = {.it_value = {0, 1000000}}, now;
    CHECK(fd >= 0);
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(timerfd_settime(fd, 0, &spec, NULL) == 0);
        ssize_t got;
        while ((got = read(fd, &count, sizeof count)) == -1 && errno == EAGAIN) sched_yield();
        CHECK(got == sizeof count && count == 1);
        spec.it_value.tv_sec = 1000;
        CHECK(timerfd_settime(fd, 0, &spec, NULL) == 0);
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    CHECK_ERRNO(read(fd, &count, sizeof count), EAGAIN);
    CHECK(timerfd_gettime(fd, &now) == 0 && now.it_value.tv_sec > 900);
    puts("ok");
}
