// process_madvise of the own process takes several ranges, and tells how much it advised.
#include "../test.h"
#include <sys/mman.h>
#include <sys/uio.h>

static long advise(int pidfd, struct iovec *ranges, size_t count, int advice, unsigned flags) {
    return syscall(SYS_process_madvise, pidfd, ranges, count, advice, flags);
}

int main(void) {
    int pidfd = (int)raw(SYS_pidfd_open, getpid(), 0);
    char *memory = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(pidfd >= 0 && memory != MAP_FAILED);
    memset(memory, 'x', 4 * PAGE);
    struct iovec ranges[2] = {{memory, PAGE}, {memory + 2 * PAGE, 2 * PAGE}};
    CHECK_EQ(advise(pidfd, ranges, 2, MADV_COLD, 0), 3 * PAGE);
    CHECK_EQ(advise(pidfd, ranges, 1, MADV_WILLNEED, 0), PAGE);
    CHECK(memory[0] == 'x' && memory[3 * PAGE] == 'x');
    CHECK_EQ(advise(pidfd, ranges, 0, MADV_COLD, 0), 0);
    CHECK_ERRNO(advise(pidfd, ranges, 2, MADV_COLD, 1), EINVAL);
    CHECK_ERRNO(advise(pidfd, ranges, 2, 999, 0), EINVAL);
    CHECK_ERRNO(advise(1, ranges, 2, MADV_COLD, 0), EBADF);
    ranges[0].iov_base = memory + 1;
    CHECK_ERRNO(advise(pidfd, ranges, 1, MADV_COLD, 0), EINVAL);
    puts("ok");
}
