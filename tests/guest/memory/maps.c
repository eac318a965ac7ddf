// /proc/self/maps shows a mapping with its exact range, protection, offset and path, in address order.
#include "../test.h"

static int find(const void *start, char *line, size_t size) {
    FILE *maps = fopen("/proc/self/maps", "r");
    CHECK(maps);
    unsigned long low, high, last = 0;
    int found = 0, n = 0;
    char text[8192];
    while (fgets(text, sizeof text, maps)) {
        CHECK_EQ(sscanf(text, "%lx-%lx %n", &low, &high, &n), 2);
        CHECK(low >= last && high > low);
        last = high;
        if (low == (unsigned long)start) {
            snprintf(line, size, "%lu %s", (high - low) / PAGE, text + n);
            found = 1;
        }
    }
    fclose(maps);
    return found;
}

int main(void) {
    char line[8192], perms[8], path[4096];
    unsigned long pages, offset;
    int fd = file_with("f", "abc", 3);
    char *p = map_pages(5);
    CHECK(mmap(p + PAGE, PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, fd, PAGE) == p + PAGE);
    CHECK(mprotect(p + 3 * PAGE, PAGE, PROT_READ | PROT_EXEC) == 0);
    CHECK(mprotect(p, PAGE, PROT_NONE) == 0);
    for (int i = 0; i < 4; i++) {
        CHECK(find(p + i * PAGE, line, sizeof line));
        path[0] = 0;
        CHECK(sscanf(line, "%lu %7s %lx %*s %*s %4095s", &pages, perms, &offset, path) >= 3);
        char *base = strrchr(path, '/');
        printf("%lu %s %lu %s\n", pages, perms, offset, base ? base : "-");
    }
    CHECK(munmap(p + 2 * PAGE, PAGE) == 0);
    CHECK(!find(p + 2 * PAGE, line, sizeof line));
}
