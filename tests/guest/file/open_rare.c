// O_SYNC, O_DSYNC, O_NOATIME, O_DIRECT and O_ASYNC are accepted; direct transfers work when aligned.
#include "../test.h"

int main(void) {
    close(file_with("f", "x", 1));
    CHECK(open("f", O_RDWR | O_SYNC) >= 0 && open("f", O_RDWR | O_DSYNC) >= 0 && open("f", O_RDONLY | O_NOATIME) >= 0);
    CHECK(open("f", O_RDONLY | O_NONBLOCK | O_NOCTTY | O_ASYNC | O_CLOEXEC) >= 0);
    int fd = open("f", O_RDWR | O_DIRECT);
    if (fd < 0) {
        CHECK_EQ(errno, EINVAL); // a file system without direct transfers
    } else {
        char *block = map_pages(1), *back = map_pages(1);
        memset(block, 'd', PAGE);
        CHECK_EQ(pwrite(fd, block, PAGE, 0), PAGE);
        CHECK_EQ(pread(fd, back, PAGE, 0), PAGE);
        CHECK(memcmp(block, back, PAGE) == 0);
    }
    puts("ok");
}
