// Making, removing and renaming an entry changes the directory's modification time.
#include "../test.h"

static int64_t mtime(const char *path) {
    struct stat st;
    CHECK(stat(path, &st) == 0);
    return st.st_mtim.tv_sec;
}

static void age(const char *path) {
    struct timespec old[2] = {{1000, 0}, {1000, 0}};
    CHECK(utimensat(AT_FDCWD, path, old, 0) == 0);
    CHECK_EQ(mtime(path), 1000);
}

int main(void) {
    CHECK(mkdir("d", 0755) == 0);
    age("d");
    close(file_with("d/f", "x", 1));
    CHECK(mtime("d") > 1000);
    age("d");
    CHECK(open("d/f", O_RDWR | O_TRUNC) >= 0);
    CHECK_EQ(mtime("d"), 1000);
    CHECK(rename("d/f", "d/g") == 0);
    CHECK(mtime("d") > 1000);
    age("d");
    CHECK(unlink("d/g") == 0);
    CHECK(mtime("d") > 1000);
    puts("ok");
}
