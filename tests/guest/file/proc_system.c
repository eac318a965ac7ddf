// The system-wide files of /proc that programs read.
#include "../test.h"

static char text[1 << 20];

static void slurp(const char *path) {
    int fd = open(path, O_RDONLY);
    CHECK(fd >= 0);
    ssize_t total = 0, got;
    while ((got = read(fd, text + total, sizeof text - 1 - (size_t)total)) > 0) total += got;
    text[total] = 0;
    CHECK(total > 0);
    close(fd);
}

int main(void) {
    slurp("/proc/cpuinfo");
    int processors = 0;
    for (char *p = text; (p = strstr(p, "processor\t:")); p++) processors++;
    CHECK(processors >= 1 && processors == sysconf(_SC_NPROCESSORS_ONLN));
    slurp("/proc/meminfo");
    unsigned long total, available;
    CHECK_EQ(sscanf(text, "MemTotal: %lu kB", &total), 1);
    CHECK(strstr(text, "MemAvailable:") && sscanf(strstr(text, "MemAvailable:"), "MemAvailable: %lu kB", &available) == 1);
    CHECK(total > available && available > 0);
    slurp("/proc/self/mounts");
    CHECK(strstr(text, " / "));
    slurp("/proc/mounts");
    CHECK(strstr(text, " /proc proc "));
    CHECK_ERRNO(open("/proc/none", O_RDONLY), ENOENT);
    CHECK_ERRNO(open("/proc/self/none", O_RDONLY), ENOENT);
    puts("ok");
}
