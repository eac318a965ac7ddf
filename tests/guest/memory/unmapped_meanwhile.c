// While one thread maps and unmaps a buffer, another passes it to system calls: full, partial or EFAULT, but
// never a crash, and never anything else.
#include "../test.h"

static char *page;
static _Atomic int stop;

static void *changer(void *unused) {
    while (!stop) {
        CHECK(mprotect(page, PAGE, PROT_NONE) == 0);
        CHECK(mprotect(page, PAGE, PROT_READ | PROT_WRITE) == 0);
        CHECK(mmap(page, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == page);
        CHECK(mmap(page, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == page);
    }
    return unused;
}

int main(void) {
    int zero = open("/dev/zero", O_RDONLY), null = open("/dev/null", O_WRONLY), ends[2];
    struct stat st;
    page = map_pages(1);
    CHECK(pipe2(ends, O_NONBLOCK) == 0);
    pthread_t thread = spawn(changer, NULL);
    for (int i = 0; i < 10000; i++) {
        long got = raw(SYS_read, zero, page, PAGE);
        CHECK(got == -EFAULT || (got >= 0 && got <= (long)PAGE));
        got = raw(SYS_fstat, zero, page);
        CHECK(got == -EFAULT || got == 0);
        got = raw(SYS_write, ends[1], page, 10);
        CHECK(got == -EFAULT || got == -EAGAIN || (got > 0 && got <= 10));
        got = raw(SYS_getrandom, page, 100, 0);
        CHECK(got == -EFAULT || (got > 0 && got <= 100));
        got = raw(SYS_stat, page, &st);
        CHECK(got <= 0); // random bytes may be any path
        raw(SYS_read, ends[0], page, 100);
        CHECK(raw(SYS_write, null, page, PAGE) >= 0);
    }
    stop = 1;
    join(thread);
    puts("ok");
}
