// membarrier: the query names the private expedited commands; an unregistered one is EPERM.
#include "../test.h"

int main(void) {
    long supported = raw(SYS_membarrier, 0, 0, 0);
    CHECK(supported >= 0);
    CHECK(supported & 8);
    CHECK(supported & 16);
    CHECK_EQ(raw(SYS_membarrier, 8, 0, 0), -EPERM);
    CHECK_EQ(raw(SYS_membarrier, 16, 0, 0), 0);
    CHECK_EQ(raw(SYS_membarrier, 8, 0, 0), 0);
    CHECK_EQ(raw(SYS_membarrier, 1 << 30, 0, 0), -EINVAL);
    CHECK_EQ(raw(SYS_membarrier, 8, 0x100, 0), -EINVAL);
    puts("ok");
}
