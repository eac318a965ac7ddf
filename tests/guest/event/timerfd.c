// timerfd: relative, absolute and repeating; counts what was missed; pollable; what it refuses.
#include "../test.h"
#include <poll.h>
#include <sys/timerfd.h>

int main(void) {
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    struct itimerspec soon = {.it_value = {0, 20000000}}, now;
    uint64_t count;
    struct pollfd p = {fd, POLLIN, 0};
    CHECK(fd >= 0);
    CHECK_ERRNO(read(fd, &count, 8), EAGAIN);
    CHECK(timerfd_settime(fd, 0, &soon, NULL) == 0);
    CHECK(timerfd_gettime(fd, &now) == 0 && now.it_value.tv_nsec > 0 && now.it_value.tv_nsec <= 20000000);
    CHECK_EQ(poll(&p, 1, 0), 0);
    CHECK_EQ(poll(&p, 1, 5000), 1);
    CHECK(read(fd, &count, 8) == 8);
    printf("%lu\n", count);
    CHECK_ERRNO(read(fd, &count, 8), EAGAIN);
    soon.it_interval.tv_nsec = 5000000;
    CHECK(timerfd_settime(fd, 0, &soon, NULL) == 0);
    sleep_ms(60);
    CHECK(read(fd, &count, 8) == 8 && count >= 5 && count < 1000);
    int64_t then = now_ns(CLOCK_MONOTONIC) / 2;
    struct itimerspec past = {.it_value = {then / 1000000000, then % 1000000000}}, old;
    CHECK(timerfd_settime(fd, TFD_TIMER_ABSTIME, &past, &old) == 0);
    CHECK_EQ(old.it_interval.tv_nsec, 5000000);
    CHECK_EQ(poll(&p, 1, 5000), 1);
    CHECK(timerfd_settime(fd, 0, &(struct itimerspec){0}, NULL) == 0);
    CHECK_EQ(poll(&p, 1, 10), 0);
    CHECK_ERRNO(read(fd, &count, 7), EINVAL);
    soon.it_value.tv_nsec = 1000000000;
    CHECK_ERRNO(timerfd_settime(fd, 0, &soon, NULL), EINVAL);
    CHECK_ERRNO(timerfd_settime(fd, 0x100, &past, NULL), EINVAL);
    CHECK_ERRNO(timerfd_create(77, 0), EINVAL);
    CHECK_ERRNO(timerfd_create(CLOCK_MONOTONIC, 1), EINVAL);
    CHECK_ERRNO(timerfd_settime(file_with("f", "", 0), 0, &past, NULL), EINVAL);
    CHECK_ERRNO(write(fd, &count, 8), EINVAL);
}
