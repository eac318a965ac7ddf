// process_vm_readv and writev of the own process copy between buffers and stop at a bad address.
#include "../test.h"

int main(void) {
    char from[] = "abcdef", to[7] = {0};
    struct iovec local[2] = {{to, 2}, {to + 2, 4}}, remote = {from, 6};
    CHECK_EQ(process_vm_readv(getpid(), local, 2, &remote, 1, 0), 6);
    puts(to);
    struct iovec source = {"XY", 2}, target = {from + 1, 2};
    CHECK_EQ(process_vm_writev(getpid(), &source, 1, &target, 1, 0), 2);
    puts(from);
    struct iovec bad = {hole(1), 4};
    CHECK_ERRNO(process_vm_readv(getpid(), local, 1, &bad, 1, 0), EFAULT);
    CHECK_ERRNO(process_vm_readv(getpid(), local, 1, &remote, 1, 1), EINVAL);
    CHECK_ERRNO(process_vm_readv(-1, local, 1, &remote, 1, 0), ESRCH);
}
