// args: one two
// /proc/self: exe, cwd, cmdline, comm, stat, status, fd and auxv say what is so.
#include "../test.h"
#include <dirent.h>
#include <sys/auxv.h>

static char text[65536];

static ssize_t slurp(const char *path) {
    int fd = open(path, O_RDONLY);
    CHECK(fd >= 0);
    ssize_t total = 0, got;
    while ((got = read(fd, text + total, sizeof text - 1 - (size_t)total)) > 0) total += got;
    CHECK(got == 0);
    text[total] = 0;
    close(fd);
    return total;
}

int main(int argc, char **argv) {
    char link[4096], cwd[4096];
    ssize_t length = readlink("/proc/self/exe", link, sizeof link - 1);
    link[length] = 0;
    puts(strrchr(link, '/'));
    length = readlink("/proc/self/cwd", link, sizeof link - 1);
    link[length] = 0;
    CHECK(getcwd(cwd, sizeof cwd) && !strcmp(cwd, link));
    length = slurp("/proc/self/cmdline");
    CHECK(!strcmp(text, argv[0]) && !strcmp(text + strlen(text) + 1, argc > 1 ? argv[1] : text));
    slurp("/proc/self/comm");
    fputs(text, stdout);
    slurp("/proc/self/stat");
    CHECK_EQ(atoi(text), getpid());
    CHECK(strstr(text, "(proc_self) R "));
    slurp("/proc/self/status");
    CHECK(strstr(text, "Name:\tproc_self\n") && strstr(text, "\nThreads:\t1\n") && strstr(text, "\nVmRSS:"));
    snprintf(link, sizeof link, "\nPid:\t%d\n", getpid());
    CHECK(strstr(text, link));
    snprintf(link, sizeof link, "\nUid:\t%d\t%d\t", getuid(), geteuid());
    CHECK(strstr(text, link));
    length = slurp("/proc/self/auxv");
    unsigned long *pairs = (unsigned long *)text;
    CHECK_EQ(length % 16, 0);
    CHECK_EQ(pairs[length / 8 - 2], AT_NULL);
    for (ssize_t i = 0; i < length / 8 - 2; i += 2) // glibc answers AT_HWCAP itself
        if (pairs[i] != AT_HWCAP) CHECK_EQ(getauxval(pairs[i]), pairs[i + 1]);
    DIR *dir = opendir("/proc/self/fd");
    int count = 0;
    for (struct dirent *e; (e = readdir(dir));) count += e->d_name[0] != '.';
    printf("%d\n", count);
}
