// An eventfd inherited by a child is one counter: posts on one side wake a reader on the other.
#include "../test.h"
#include <sys/eventfd.h>

int main(void) {
    int there = eventfd(0, 0), back = eventfd(0, EFD_SEMAPHORE);
    uint64_t value;
    CHECK(there >= 0 && back >= 0);
    pid_t child = fork_child();
    if (child == 0) {
        uint64_t sum = 0;
        while (sum < 10) {
            CHECK_EQ(read(there, &value, sizeof value), sizeof value);
            sum += value;
        }
        CHECK_EQ(sum, 10);
        value = 3;
        CHECK_EQ(write(back, &value, sizeof value), sizeof value);
        _exit(0);
    }
    for (value = 1; value <= 4; value++) CHECK_EQ(write(there, &value, sizeof value), sizeof value);
    for (int i = 0; i < 3; i++) {
        CHECK_EQ(read(back, &value, sizeof value), sizeof value);
        CHECK_EQ(value, 1);
    }
    CHECK_EXITS(child, 0);
    CHECK(fcntl(back, F_SETFL, O_NONBLOCK) == 0);
    CHECK_ERRNO(read(back, &value, sizeof value), EAGAIN);
    puts("ok");
}
