// Paths that cannot be: empty, too long, through a file, a bad pointer.
#include "../test.h"

int main(void) {
    char name[300], path[5000];
    memset(name, 'n', sizeof name);
    CHECK(close(file_with("f", "x", 1)) == 0);
    CHECK_ERRNO(open("", O_RDONLY), ENOENT);
    CHECK_ERRNO(open("f/", O_RDONLY), ENOTDIR);
    CHECK_ERRNO(open("f/x", O_RDONLY), ENOTDIR);
    CHECK_ERRNO(open("f/..", O_RDONLY), ENOTDIR);
    CHECK_ERRNO(open("none/x", O_RDONLY), ENOENT);
    CHECK_ERRNO(open("none/x", O_CREAT | O_WRONLY, 0600), ENOENT);
    name[256] = 0;
    CHECK_ERRNO(open(name, O_RDONLY), ENAMETOOLONG);
    name[255] = 0;
    CHECK_ERRNO(open(name, O_RDONLY), ENOENT);
    CHECK(open(name, O_CREAT | O_WRONLY, 0600) >= 0);
    CHECK(unlink(name) == 0);
    for (int i = 0; i < 5000; i += 2) memcpy(path + i, "./", 2);
    strcpy(path + 4094, "f");
    CHECK(open(path, O_RDONLY) >= 0);
    strcpy(path + 4094, "/f");
    CHECK_ERRNO(open(path, O_RDONLY), ENAMETOOLONG);
    CHECK_EQ(raw(SYS_open, 8, O_RDONLY), -EFAULT);
    CHECK_EQ(raw(SYS_open, 0x8000000000000000, O_RDONLY), -EFAULT);
    CHECK_EQ(raw(SYS_open, hole(1), O_RDONLY), -EFAULT);
    char *edge = map_pages(2);
    CHECK(munmap(edge + PAGE, PAGE) == 0);
    memcpy(edge + PAGE - 2, "f", 2);
    CHECK(open(edge + PAGE - 2, O_RDONLY) >= 0);
    edge[PAGE - 1] = 'f';
    CHECK_EQ(raw(SYS_open, edge + PAGE - 2, O_RDONLY), -EFAULT);
    puts("ok");
}
