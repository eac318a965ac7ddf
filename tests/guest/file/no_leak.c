// Ten thousand rounds of open, read and close, of failures and of mappings use up nothing.
#include "../test.h"

static long resident(void) {
    FILE *file = fopen("/proc/self/statm", "r");
    long size = 0, pages = 0;
    if (file) {
        CHECK_EQ(fscanf(file, "%ld %ld", &size, &pages), 2);
        fclose(file);
    }
    return pages;
}

static void rounds(int count) {
    char text[100];
    for (int i = 0; i < count; i++) {
        int fd = open("f", O_RDONLY);
        CHECK_EQ(fd, 3);
        CHECK(read(fd, text, sizeof text) == 3);
        char *p = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
        CHECK(p != MAP_FAILED && p[0] == 'a');
        CHECK(munmap(p, PAGE) == 0 && close(fd) == 0);
        CHECK_ERRNO(open("none", O_RDONLY), ENOENT);
    }
}

int main(void) {
    close(file_with("f", "abc", 3));
    rounds(1000);
    long before = resident();
    rounds(10000);
    CHECK(resident() - before < 256);
    puts("ok");
}
