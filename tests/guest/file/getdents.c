// A directory lists each entry once with its type; d_off is a cookie for lseek; a small buffer is EINVAL.
#include "../test.h"
#include <dirent.h>

struct record {
    uint64_t ino;
    int64_t off;
    uint16_t length;
    uint8_t type;
    char name[];
};

static int compare(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int main(void) {
    CHECK(mkdir("d", 0755) == 0 && mkdir("d/sub", 0755) == 0 && symlink("x", "d/link") == 0);
    close(file_with("d/file", "", 0));
    for (int i = 0; i < 300; i++) {
        char name[40];
        snprintf(name, sizeof name, "d/entry-%03d", i);
        close(file_with(name, "", 0));
    }
    int fd = open("d", O_RDONLY | O_DIRECTORY);
    static char buffer[1024];
    char *names[400];
    int count = 0, middle = 0;
    int64_t cookie = 0;
    for (long got; (got = raw(SYS_getdents64, fd, buffer, sizeof buffer)) > 0;)
        for (long at = 0; at < got;) {
            struct record *r = (struct record *)(buffer + at);
            CHECK(r->length % 8 == 0 && r->ino != 0);
            int wanted = !strcmp(r->name, "file") || !strncmp(r->name, "entry", 5) ? DT_REG : !strcmp(r->name, "link") ? DT_LNK : DT_DIR;
            CHECK_EQ(r->type, wanted);
            names[count++] = strdup(r->name);
            if (count == 100) cookie = r->off, middle = count;
            at += r->length;
        }
    CHECK_EQ(lseek(fd, cookie, SEEK_SET), cookie);
    CHECK(raw(SYS_getdents64, fd, buffer, sizeof buffer) > 0);
    CHECK(strcmp(((struct record *)buffer)->name, names[middle]) == 0);
    CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
    CHECK_EQ(raw(SYS_getdents64, fd, buffer, 10), -EINVAL);
    CHECK_EQ(raw(SYS_getdents64, fd, 8, 1024), -EFAULT);
    CHECK_EQ(raw(SYS_getdents64, open("d/file", O_RDONLY), buffer, 1024), -ENOTDIR);
    CHECK_EQ(raw(SYS_getdents64, 99, buffer, 1024), -EBADF);
    qsort(names, (size_t)count, sizeof *names, compare);
    printf("%d %s %s %s %s\n", count, names[0], names[1], names[2], names[count - 1]);
    for (int i = 1; i < count; i++) CHECK(strcmp(names[i - 1], names[i]) < 0);
    CHECK_ERRNO(read(fd, buffer, 10), EISDIR);
}
