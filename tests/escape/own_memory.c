// cases: arena image gate region vdso stack
// sandbox: denied
// also: forked
// Asks the library OS to change, read into or give away its own memory: every call that takes an address. It must
// refuse each, and nothing there may change. Natively the attack mapped the place itself, and the calls work.
#include "attack.h"

static int failures;

static void refused(const char *what, long result) {
    if (result == -EINVAL || result == -ENOMEM || result == -EFAULT || result == -EPERM || result == -EEXIST ||
        result == -EACCES || result == -ENOSYS)
        return;
    failures++;
    dprintf(1, "%s answered %ld\n", what, result);
}

__asm__(".text\nstub: syscall\n ret\n");
extern char stub[];
#define S(...) AT((uintptr_t)stub, __VA_ARGS__)

static void mappings(uint64_t at) {
    const int all = PROT_READ | PROT_WRITE | PROT_EXEC, fixed = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    char *own = mmap(0, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    refused("mmap", S(SYS_mmap, at, PAGE, all, fixed, -1, 0));
    refused("mmap over the end of the guest's part", S(SYS_mmap, IMAGE - PAGE, 2 * PAGE, all, fixed, -1, 0));
    refused("mmap noreplace", S(SYS_mmap, at, PAGE, all, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0));
    refused("mmap of everything", S(SYS_mmap, 0x10000, at, all, fixed, -1, 0));
    refused("mprotect", S(SYS_mprotect, at, PAGE, all));
    refused("mremap from", S(SYS_mremap, at, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, own));
    refused("mremap to", S(SYS_mremap, own, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, at));
    refused("mremap grow", S(SYS_mremap, at, PAGE, 2 * PAGE, 0, 0));
    refused("madvise", S(SYS_madvise, at, PAGE, MADV_DONTNEED));
    refused("madvise remove", S(SYS_madvise, at, PAGE, MADV_REMOVE));
    refused("munmap wrapping", S(SYS_munmap, at, ~0UL - PAGE + 1));
    refused("mincore", S(SYS_mincore, at, PAGE, own));
}

static void buffers(uint64_t at) {
    int ends[2];
    char *own = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct iovec part = {(void *)at, 64};
    refused("getrandom", S(SYS_getrandom, at, 64, 0));
    refused("uname", S(SYS_uname, at));
    refused("clock_gettime", S(SYS_clock_gettime, CLOCK_MONOTONIC, at));
    refused("rt_sigprocmask", S(SYS_rt_sigprocmask, 0, 0, at, 8));
    refused("getcpu", S(SYS_getcpu, at, at));
    refused("sysinfo", S(SYS_sysinfo, at));
    refused("write", S(SYS_write, 1, at, 64));
    refused("futex", S(SYS_futex, at, 5, 1, 1, at, 0));
    if (pipe2(ends, O_NONBLOCK)) return;
    refused("pipe write", S(SYS_write, ends[1], at, 64));
    if (write(ends[1], "AAAAAAAAAAAAAAAA", 16) != 16) failures++;
    refused("pipe read", S(SYS_read, ends[0], at, 16));
    refused("readv", S(SYS_readv, ends[0], &part, 1));
    part.iov_len = ~0UL >> 1;
    refused("readv beyond", S(SYS_readv, ends[0], &part, 1));
    refused("getcwd", S(SYS_getcwd, at, 64));
    refused("arch_prctl", S(SYS_arch_prctl, 0x1001, at));
    (void)own;
}

static int attack(void) {
    uint64_t at = ARENA + 64 * PAGE;
    CASE("image") at = IMAGE;
    CASE("gate") at = GATE;
    CASE("region") at = BLOCK;
    CASE("vdso") at = HOST_VDSO;
    CASE("stack") at = BLOCK - 20 * PAGE;
    int mapped_here = map_natively(at & ~(PAGE - 1), 2 * PAGE);
    unsigned char before[64], after[64];
    memcpy(before, (void *)at, sizeof before);
    // Only a place that nobody else has is this attack's to change.
    buffers(at);
    memcpy(after, (void *)at, sizeof after);
    int changed = memcmp(before, after, sizeof before) != 0;
    mappings(at & ~(PAGE - 1));
    if (mapped_here && failures > 5) {
        reached();
        return 0;
    }
    // The thread's own memory changes with every call, and the clocks' pages with time.
    int is_live = strcmp(attack_case, "region") == 0 || strcmp(attack_case, "vdso") == 0 || strcmp(attack_case, "stack") == 0;
    if (changed && !is_live) {
        say("the memory changed\n");
        return 1;
    }
    return failures != 0;
}

int main(int argc, char **argv) {
    (void)argc;
    plan(argv);
    return by_whom(attack);
}
