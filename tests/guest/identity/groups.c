// getgroups counts, fills and refuses a list that is too small.
#include "../test.h"
#include <grp.h>

int main(void) {
    gid_t list[1000];
    int count = getgroups(0, NULL);
    CHECK(count >= 0 && count <= 1000);
    CHECK_EQ(getgroups(1000, list), count);
    for (int i = 0; i < count; i++) printf("%u ", list[i]);
    puts("");
    if (count > 1) CHECK_ERRNO(getgroups(1, list), EINVAL);
    CHECK_ERRNO(getgroups(-1, list), EINVAL);
    if (count > 0) CHECK_EQ(raw(SYS_getgroups, 1000, 8), -EFAULT);
    if (geteuid() != 0) CHECK_ERRNO(setgroups(0, NULL), EPERM);
}
