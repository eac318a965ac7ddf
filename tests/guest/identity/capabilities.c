// capget: the version, what it answers to an unknown one, and that nothing is permitted beyond the bounds.
#include "../test.h"
#include <linux/capability.h>
#include <sys/prctl.h>

int main(void) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2] = {{~0u, ~0u, ~0u}, {~0u, ~0u, ~0u}};
    CHECK_EQ(raw(SYS_capget, &header, data), 0);
    for (int i = 0; i < 2; i++) CHECK_EQ(data[i].effective & ~data[i].permitted, 0);
    header.version = 0x12345678;
    CHECK_EQ(raw(SYS_capget, &header, data), -EINVAL);
    printf("%#x\n", header.version);
    header.version = 0;
    CHECK_EQ(raw(SYS_capget, &header, NULL), 0);
    header.pid = -1;
    CHECK_EQ(raw(SYS_capget, &header, data), -EINVAL);
    header.pid = 0x7ffffff0;
    CHECK_EQ(raw(SYS_capget, &header, data), -ESRCH);
    CHECK_EQ(raw(SYS_capget, 8, data), -EFAULT);
    CHECK(prctl(PR_CAPBSET_READ, 0) >= 0);
    CHECK_ERRNO(prctl(PR_CAPBSET_READ, 999), EINVAL);
}
