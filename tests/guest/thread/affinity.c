// The raw sched_getaffinity returns the number of bytes written; a mask without an allowed processor and a
// buffer that is too small are EINVAL; what was set is read back.
#include "../test.h"

int main(void) {
    unsigned long mask[128] = {0}, again[128] = {0};
    long bytes = raw(SYS_sched_getaffinity, 0, sizeof mask, mask);
    CHECK(bytes > 0 && bytes % 8 == 0 && bytes <= (long)sizeof mask);
    int processors = 0, first = -1;
    for (int i = 0; i < 8 * bytes; i++)
        if (mask[i / 64] >> i % 64 & 1) {
            if (first < 0) first = i;
            processors++;
        }
    CHECK_EQ(processors, sysconf(_SC_NPROCESSORS_ONLN) < processors ? processors : sysconf(_SC_NPROCESSORS_ONLN));
    CHECK_EQ(raw(SYS_sched_getaffinity, 0, 1, mask), -EINVAL);
    CHECK_EQ(raw(SYS_sched_getaffinity, 0, 12, mask), -EINVAL);
    CHECK_EQ(raw(SYS_sched_getaffinity, 0, sizeof mask, 8), -EFAULT);
    CHECK_EQ(raw(SYS_sched_getaffinity, 0x7ffffff0, sizeof mask, mask), -ESRCH);
    unsigned long one[128] = {0};
    CHECK_EQ(raw(SYS_sched_setaffinity, 0, sizeof one, one), -EINVAL);
    one[first / 64] = 1UL << first % 64;
    CHECK_EQ(raw(SYS_sched_setaffinity, 0, sizeof one, one), 0);
    CHECK_EQ(raw(SYS_sched_getaffinity, 0, sizeof again, again), bytes);
    CHECK(memcmp(one, again, (size_t)bytes) == 0);
    unsigned processor = 999, node = 999;
    CHECK_EQ(raw(SYS_getcpu, &processor, &node, NULL), 0);
    CHECK_EQ(processor, first);
    CHECK_EQ(sched_getcpu(), first);
    CHECK_EQ(raw(SYS_getcpu, NULL, NULL, NULL), 0);
    puts("ok");
}
