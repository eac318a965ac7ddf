// statfs of a path and a descriptor agree and are plausible.
#include "../test.h"
#include <sys/statfs.h>
#include <sys/statvfs.h>

int main(void) {
    struct statfs a, b;
    int fd = file_with("f", "x", 1);
    CHECK(statfs(".", &a) == 0 && fstatfs(fd, &b) == 0);
    CHECK_EQ(a.f_type, b.f_type);
    CHECK(a.f_bsize >= 512 && a.f_blocks > 0 && a.f_bavail <= a.f_blocks);
    printf("%ld\n", (long)a.f_namelen);
    CHECK(statfs("/proc", &a) == 0);
    printf("%#lx\n", (long)a.f_type);
    struct statvfs v;
    CHECK(statvfs("/", &v) == 0 && v.f_bsize > 0);
    CHECK_ERRNO(statfs("none", &a), ENOENT);
    CHECK_ERRNO(fstatfs(99, &a), EBADF);
    CHECK_EQ(raw(SYS_statfs, ".", 8), -EFAULT);
}
