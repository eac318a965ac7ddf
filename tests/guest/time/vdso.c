// The vDSO is an ELF image in memory that can be read and executed, and what the C library gets through it is right for
// every clock: those that need no system call, those that do, and those that do not exist.
#include "../test.h"
#include <sys/auxv.h>

int main(void) {
    const unsigned char *image = (const unsigned char *)getauxval(AT_SYSINFO_EHDR);
    CHECK(image && (uintptr_t)image % 4096 == 0);
    CHECK(!memcmp(image, "\177ELF\2\1\1", 7) && image[16] == 3 && image[18] == 62);
    int clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID, CLOCK_MONOTONIC_RAW,
                    CLOCK_REALTIME_COARSE, CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME, CLOCK_TAI};
    for (size_t i = 0; i < COUNT(clocks); i++) {
        struct timespec library, call;
        CHECK_EQ(clock_getres(clocks[i], &library), 0);
        CHECK_EQ(raw(SYS_clock_getres, clocks[i], &call), 0);
        CHECK(library.tv_sec == call.tv_sec && library.tv_nsec == call.tv_nsec);
        int64_t before = now_ns(clocks[i]);
        for (int n = 0; n < 100; n++) {
            int64_t after = now_ns(clocks[i]);
            CHECK(before <= after && after - before < 10000000000);
            before = after;
        }
    }
    struct timespec unused;
    int wrong[] = {31, 32 + CLOCK_MONOTONIC, INT_MAX};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        CHECK_ERRNO(clock_gettime(wrong[i], &unused), EINVAL);
        CHECK_ERRNO(clock_getres(wrong[i], &unused), EINVAL);
    }
    unsigned processor = -1, node = -1;
    CHECK_EQ(getcpu(&processor, &node), 0);
    CHECK(processor < 8192 && node < 1024);
    puts("ok");
}
