// Times are set to the nanosecond, to now, or left alone; which calls change which time.
#include "../test.h"

static struct stat of(const char *path) {
    struct stat st;
    CHECK(lstat(path, &st) == 0);
    return st;
}

static int64_t ns(struct timespec t) {
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(void) {
    int fd = file_with("f", "x", 1);
    CHECK(symlink("f", "l") == 0);
    struct timespec times[2] = {{1000000000, 123456789}, {1500000000, 987654321}};
    CHECK(utimensat(AT_FDCWD, "f", times, 0) == 0);
    printf("%ld %ld\n", ns(of("f").st_atim), ns(of("f").st_mtim));
    times[0].tv_nsec = UTIME_OMIT, times[1].tv_sec = 5, times[1].tv_nsec = 6;
    CHECK(futimens(fd, times) == 0);
    printf("%ld %ld\n", ns(of("f").st_atim), ns(of("f").st_mtim));
    CHECK(utimensat(AT_FDCWD, "l", (struct timespec[2]){{7, 8}, {9, 10}}, AT_SYMLINK_NOFOLLOW) == 0);
    printf("%ld %ld\n", ns(of("l").st_mtim), ns(of("f").st_mtim));
    int64_t before = now_ns(CLOCK_REALTIME) - 1000000000;
    CHECK(utimensat(AT_FDCWD, "f", NULL, 0) == 0);
    CHECK(ns(of("f").st_mtim) > before && ns(of("f").st_atim) > before);
    CHECK(futimens(fd, (struct timespec[2]){{7, 8}, {9, 10}}) == 0);
    CHECK(write(fd, "y", 1) == 1);
    CHECK(ns(of("f").st_mtim) > before && ns(of("f").st_ctim) > before);
    CHECK(futimens(fd, (struct timespec[2]){{7, 8}, {9, 10}}) == 0);
    CHECK(chmod("f", 0600) == 0);
    CHECK_EQ(ns(of("f").st_mtim), 9000000010);
    CHECK_ERRNO(utimensat(AT_FDCWD, "f", (struct timespec[2]){{0, 1000000000}, {0, 0}}, 0), EINVAL);
    CHECK_ERRNO(utimensat(AT_FDCWD, "none", NULL, 0), ENOENT);
    CHECK_ERRNO(utimensat(AT_FDCWD, "f", NULL, 0x8), EINVAL);
}
