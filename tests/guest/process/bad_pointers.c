// Bad pointers are EFAULT, never a fault: null page, hole, kernel half, non-canonical, read-only, straddling.
#include "../test.h"
#include <sys/resource.h>
#include <sys/utsname.h>
#include <sys/sysinfo.h>

int main(void) {
    char *gone = hole(1), *read_only = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *edge = map_pages(2);
    CHECK(munmap(edge + PAGE, PAGE) == 0);
    void *bad[] = {(void *)8, gone, (void *)0x7ffffffff000, (void *)0x800000000000, (void *)0x8000000000000000, (void *)0xffff800000000000, (void *)-PAGE, (void *)-8L, edge + PAGE - 4, read_only};
    int fd = file_with("f", "0123456789", 10);
    for (size_t i = 0; i < COUNT(bad); i++) {
        CHECK_EQ(raw(SYS_fstat, fd, bad[i]), -EFAULT);
        CHECK_EQ(raw(SYS_uname, bad[i]), -EFAULT);
        CHECK_EQ(raw(SYS_sysinfo, bad[i]), -EFAULT);
        CHECK_EQ(raw(SYS_clock_gettime, CLOCK_MONOTONIC, bad[i]), -EFAULT);
        CHECK_EQ(raw(SYS_getrlimit, RLIMIT_NOFILE, bad[i]), -EFAULT);
        CHECK_EQ(raw(SYS_pipe2, bad[i], 0), -EFAULT);
        CHECK_EQ(raw(SYS_rt_sigprocmask, SIG_BLOCK, NULL, bad[i], 8), -EFAULT);
        CHECK_EQ(raw(SYS_sigaltstack, NULL, bad[i]), -EFAULT);
        if (bad[i] != read_only) CHECK_EQ(raw(SYS_nanosleep, bad[i], NULL), -EFAULT);
    }
    CHECK_EQ(fcntl(fd, F_DUPFD, 4), 4);
    puts("ok");
}
