// What stat says of files, directories and links: type, mode, size, link count, blocks, identity.
#include "../test.h"

static struct stat of(const char *path) {
    struct stat st;
    CHECK(lstat(path, &st) == 0);
    return st;
}

int main(void) {
    umask(022);
    char bytes[10000];
    memset(bytes, 'b', sizeof bytes);
    int fd = file_with("f", bytes, sizeof bytes);
    CHECK(fsync(fd) == 0);
    CHECK(mkdir("d", 0750) == 0 && mkdir("d/e", 0700) == 0 && symlink("0123456789", "l") == 0 && link("f", "g") == 0);
    struct stat f = of("f"), g = of("g"), d = of("d"), l = of("l"), opened;
    printf("f %o %ld %ld\n", f.st_mode, (long)f.st_size, (long)f.st_nlink);
    printf("d %o %ld\n", d.st_mode, (long)d.st_nlink);
    printf("l %o %ld %ld\n", l.st_mode, (long)l.st_size, (long)l.st_nlink);
    CHECK(f.st_ino == g.st_ino && f.st_dev == g.st_dev && f.st_ino != d.st_ino && d.st_dev == f.st_dev);
    CHECK(fstat(fd, &opened) == 0 && opened.st_ino == f.st_ino);
    CHECK(f.st_blocks * 512 >= 10000 && f.st_blocks * 512 <= 32768 && f.st_blksize >= 512);
    CHECK(f.st_uid == geteuid() && f.st_gid == getegid());
    CHECK(unlink("g") == 0);
    CHECK_EQ(of("f").st_nlink, 1);
    CHECK(unlink("f") == 0);
    CHECK(fstat(fd, &opened) == 0);
    CHECK_EQ(opened.st_nlink, 0);
    CHECK_ERRNO(stat("l", &f), ENOENT);
    CHECK_ERRNO(fstat(99, &f), EBADF);
    CHECK_EQ(raw(SYS_stat, "d", 8), -EFAULT);
}
