// getsockname and getpeername of a pair: the family alone; lengths are cut to the caller's.
#include "../test.h"
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

int main(void) {
    int pair[2];
    struct sockaddr_un address;
    socklen_t length = sizeof address;
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    CHECK(getsockname(pair[0], (struct sockaddr *)&address, &length) == 0);
    printf("%u %d\n", length, address.sun_family);
    length = sizeof address;
    CHECK(getpeername(pair[0], (struct sockaddr *)&address, &length) == 0);
    printf("%u %d\n", length, address.sun_family);
    length = 1;
    CHECK(getsockname(pair[0], (struct sockaddr *)&address, &length) == 0);
    printf("%u\n", length);
    CHECK_ERRNO(getsockname(pair[0], (struct sockaddr *)&address, &(socklen_t){-1}), EINVAL);
    CHECK_EQ(raw(SYS_getsockname, pair[0], 8, &(socklen_t){16}), -EFAULT);
    CHECK_EQ(raw(SYS_getsockname, pair[0], &address, 8), -EFAULT);
    CHECK(close(pair[1]) == 0);
    length = sizeof address;
    CHECK(getpeername(pair[0], (struct sockaddr *)&address, &length) == 0);
}
