// Files the test did not make: system files can be read and listed, and what is there stays the same.
#include "../test.h"
#include <dirent.h>

int main(void) {
    char text[256] = {0};
    int fd = open("/etc/passwd", O_RDONLY);
    CHECK(fd >= 0 && read(fd, text, 5) == 5);
    puts(text);
    struct stat by_path, by_fd;
    CHECK(stat("/etc/passwd", &by_path) == 0 && fstat(fd, &by_fd) == 0);
    CHECK(by_path.st_ino == by_fd.st_ino && by_path.st_dev == by_fd.st_dev && by_path.st_size == by_fd.st_size);
    printf("%ld %o %ld.%09ld\n", (long)by_fd.st_size, by_fd.st_mode, (long)by_fd.st_mtim.tv_sec, by_fd.st_mtim.tv_nsec);
    DIR *dir = opendir("/usr/lib/x86_64-linux-gnu");
    CHECK(dir);
    unsigned long count = 0, sum = 0;
    for (struct dirent *e; (e = readdir(dir));) {
        count++;
        for (char *p = e->d_name; *p; p++) sum += (unsigned char)*p;
    }
    printf("%lu %lu\n", count, sum);
    ssize_t length = readlink("/lib", text, sizeof text);
    printf("%.*s\n", (int)length, text);
    CHECK_ERRNO(open("/etc/passwd/x", O_RDONLY), ENOTDIR);
    CHECK_ERRNO(open("/etc/no such file", O_RDONLY), ENOENT);
}
