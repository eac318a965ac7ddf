/*
 * Holds still while it is measured from outside: says where it is, and goes on at a byte of its input.
 *
 * start: nothing was done yet. ready: everything was done a hundred times, so caches are full. done: everything was
 * done as often as the first argument says; what has grown since is lost for good.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static int hold(const char *where)
{
    char byte;
    return puts(where) < 0 || fflush(stdout) || read(0, &byte, 1) != 1;
}

static int work(long rounds)
{
    char byte[64];
    for (long i = 0; i < rounds; i++) {
        int fd = open("/etc/passwd", O_RDONLY);
        if (fd < 0 || read(fd, byte, sizeof byte) <= 0 || close(fd)) return 1;
        char *page = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (page == MAP_FAILED) return 1;
        page[0] = page[4096] = 1;
        if (munmap(page, 8192)) return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    long rounds = argc > 1 ? atol(argv[1]) : 10000;
    return hold("start") || work(100) || hold("ready") || work(rounds) || hold("done");
}
