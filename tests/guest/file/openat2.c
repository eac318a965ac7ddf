// openat2 refuses what open ignores, and its RESOLVE flags confine the walk.
#include "../test.h"
#include <linux/openat2.h>

static long call(int dir, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve) {
    struct open_how how = {flags, mode, resolve};
    return raw(SYS_openat2, dir, path, &how, sizeof how);
}

int main(void) {
    CHECK(mkdir("d", 0755) == 0 && symlink("../f", "d/up") == 0 && symlink("g", "d/in") == 0);
    close(file_with("f", "f", 1));
    close(file_with("d/g", "g", 1));
    int d = open("d", O_PATH);
    CHECK(call(d, "g", O_RDONLY, 0, 0) >= 0);
    CHECK_EQ(call(d, "g", 0x40000000, 0, 0), -EINVAL);
    CHECK_EQ(call(d, "g", O_RDONLY, 0600, 0), -EINVAL);
    CHECK_EQ(call(d, "g", O_RDONLY, 0, 0x1000), -EINVAL);
    CHECK_EQ(call(d, "../f", O_RDONLY, 0, RESOLVE_BENEATH), -EXDEV);
    CHECK_EQ(call(d, "up", O_RDONLY, 0, RESOLVE_BENEATH), -EXDEV);
    CHECK_EQ(call(d, "/etc/passwd", O_RDONLY, 0, RESOLVE_BENEATH), -EXDEV);
    CHECK(call(d, "in", O_RDONLY, 0, RESOLVE_BENEATH) >= 0);
    CHECK_EQ(call(d, "in", O_RDONLY, 0, RESOLVE_NO_SYMLINKS), -ELOOP);
    CHECK(call(d, "/g", O_RDONLY, 0, RESOLVE_IN_ROOT) >= 0);
    CHECK(call(d, "../../g", O_RDONLY, 0, RESOLVE_IN_ROOT) >= 0);
    CHECK_EQ(call(d, "up", O_RDONLY, 0, RESOLVE_IN_ROOT), -ENOENT);
    char how[40] = {0};
    CHECK_EQ(raw(SYS_openat2, d, "g", how, 23), -EINVAL);
    CHECK(raw(SYS_openat2, d, "g", how, 40) >= 0);
    how[39] = 1;
    CHECK_EQ(raw(SYS_openat2, d, "g", how, 40), -E2BIG);
    puts("ok");
}
