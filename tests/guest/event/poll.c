// poll: what each kind of descriptor reports, closed and negative numbers, timeouts.
#include "../test.h"
#include <poll.h>
#include <sys/socket.h>

static int state(int fd, int events) {
    struct pollfd p = {fd, (short)events, 0x7f};
    int count = poll(&p, 1, 0);
    CHECK_EQ(count, p.revents != 0);
    return p.revents;
}

int main(void) {
    int ends[2], pair[2], all = POLLIN | POLLOUT;
    static char block[65536];
    CHECK(pipe(ends) == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    printf("empty pipe %x %x\n", state(ends[0], all), state(ends[1], all));
    CHECK_EQ(write(ends[1], block, sizeof block), sizeof block);
    printf("full pipe %x %x\n", state(ends[0], all), state(ends[1], all));
    printf("file %x\n", state(file_with("f", "", 0), all));
    printf("null %x\n", state(open("/dev/null", O_RDWR), all));
    printf("socket %x\n", state(pair[0], all));
    CHECK(write(pair[1], "x", 1) == 1 && shutdown(pair[1], SHUT_WR) == 0);
    printf("shut %x %x\n", state(pair[0], all | POLLRDHUP), state(pair[1], all));
    close(pair[1]);
    printf("closed peer %x\n", state(pair[0], all | POLLRDHUP));
    close(ends[1]);
    printf("no writer %x %x\n", state(ends[0], all), state(ends[0], 0));
    CHECK(pipe(ends) == 0 && close(ends[0]) == 0);
    printf("no reader %x %x\n", state(ends[1], all), state(ends[1], 0));
    printf("bad %x negative %x\n", state(99, all), state(-1, all));
    int64_t start = now_ns(CLOCK_MONOTONIC);
    CHECK_EQ(poll(NULL, 0, 30), 0);
    CHECK(now_ns(CLOCK_MONOTONIC) - start >= 30000000);
    CHECK_EQ(raw(SYS_poll, 8, 1, 0), -EFAULT);
    CHECK_EQ(raw(SYS_poll, NULL, 1 << 30, 0), -EINVAL);
}
