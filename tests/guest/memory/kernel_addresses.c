// Addresses that are a kernel's, or nobody's, in every pointer argument: an answer, never anything else.
#include "../test.h"
#include <sys/resource.h>

enum { P = -1000, F = -1001 };  // a pointer; an open file

static const struct call {
    long number, arguments[6];
} calls[] = {
    {SYS_read, {F, P, 8}}, {SYS_write, {F, P, 8}}, {SYS_open, {P, 0}}, {SYS_stat, {P, P}}, {SYS_fstat, {F, P}},
    {SYS_lstat, {P, P}}, {SYS_poll, {P, 1, 0}}, {SYS_rt_sigaction, {SIGUSR1, P, 0, 8}},
    {SYS_rt_sigaction, {SIGUSR1, 0, P, 8}}, {SYS_rt_sigprocmask, {0, P, 0, 8}}, {SYS_rt_sigprocmask, {0, 0, P, 8}},
    {SYS_pread64, {F, P, 8, 0}}, {SYS_pwrite64, {F, P, 8, 0}}, {SYS_readv, {F, P, 1}}, {SYS_writev, {F, P, 1}},
    {SYS_access, {P, 0}}, {SYS_pipe, {P}}, {SYS_mincore, {0, 4096, P}}, {SYS_nanosleep, {P, 0}},
    {SYS_getitimer, {0, P}}, {SYS_setitimer, {0, P, 0}}, {SYS_socketpair, {1, 1, 0, P}}, {SYS_execve, {P, P, P}},
    {SYS_uname, {P}}, {SYS_getcwd, {P, 64}}, {SYS_chdir, {P}}, {SYS_rename, {P, P}}, {SYS_mkdir, {P, 0}},
    {SYS_rmdir, {P}}, {SYS_creat, {P, 0}}, {SYS_link, {P, P}}, {SYS_unlink, {P}}, {SYS_symlink, {P, P}},
    {SYS_readlink, {P, P, 8}}, {SYS_chmod, {P, 0}}, {SYS_chown, {P, 0, 0}}, {SYS_gettimeofday, {P, 0}},
    {SYS_getrlimit, {0, P}}, {SYS_getrusage, {0, P}}, {SYS_sysinfo, {P}}, {SYS_times, {P}},
    {SYS_getgroups, {64, P}}, {SYS_getresuid, {P, P, P}}, {SYS_getresgid, {P, P, P}}, {SYS_rt_sigpending, {P, 8}},
    {SYS_rt_sigtimedwait, {P, 0, 0, 8}}, {SYS_sigaltstack, {P, 0}}, {SYS_sigaltstack, {0, P}}, {SYS_utime, {P, 0}},
    {SYS_mknod, {P, 0100000, 0}}, {SYS_statfs, {P, P}}, {SYS_fstatfs, {F, P}}, {SYS_sched_getparam, {0, P}},
    {SYS_arch_prctl, {0x1003, P}}, {SYS_truncate, {P, 0}}, {SYS_getdents64, {F, P, 64}}, {SYS_time, {P}},
    {SYS_futex, {P, 0, 0, 0, 0, 0}}, {SYS_futex, {P, 1, 1, 0, 0, 0}}, {SYS_sched_getaffinity, {0, 8, P}},
    {SYS_epoll_wait, {F, P, 1, 0}}, {SYS_timer_create, {0, P, P}}, {SYS_clock_gettime, {0, P}},
    {SYS_clock_getres, {0, P}}, {SYS_clock_nanosleep, {0, 0, P, 0}}, {SYS_utimes, {P, 0}},
    {SYS_mq_open, {P, 0, 0, 0}}, {SYS_waitid, {1, 1, P, 4, 0}}, {SYS_openat, {-100, P, 0}},
    {SYS_mkdirat, {-100, P, 0}}, {SYS_newfstatat, {-100, P, P, 0}}, {SYS_unlinkat, {-100, P, 0}},
    {SYS_renameat, {-100, P, -100, P}}, {SYS_linkat, {-100, P, -100, P, 0}}, {SYS_symlinkat, {P, -100, P}},
    {SYS_readlinkat, {-100, P, P, 8}}, {SYS_fchmodat, {-100, P, 0}}, {SYS_faccessat, {-100, P, 0}},
    {SYS_ppoll, {P, 1, P, 0, 8}}, {SYS_set_robust_list, {P, 24}}, {SYS_utimensat, {-100, P, 0, 0}},
    {SYS_pipe2, {P, 0}}, {SYS_preadv, {F, P, 1, 0}}, {SYS_pwritev, {F, P, 1, 0}}, {SYS_prlimit64, {0, 0, P, 0}},
    {SYS_prlimit64, {0, 0, 0, P}}, {SYS_getcpu, {P, P, 0}}, {SYS_sendmsg, {F, P, 0}}, {SYS_getrandom, {P, 8, 0}},
    {SYS_memfd_create, {P, 0}}, {SYS_statx, {-100, P, 0, 0, P}}, {SYS_clone3, {P, 64}}, {SYS_openat2, {-100, P, P, 24}},
    {SYS_msgsnd, {0, P, 8, 0}}, {SYS_semop, {0, P, 1}}, {SYS_mmap, {P, 4096, 3, 0x32, -1, 0}}, {SYS_munmap, {P, 4096}},
    {SYS_mprotect, {P, 4096, 3}}, {SYS_madvise, {P, 4096, 4}}, {SYS_mremap, {P, 4096, 8192, 1, 0}},
    {SYS_process_vm_readv, {0, P, 1, P, 1, 0}}, {SYS_brk, {P}},
};

static const uint64_t addresses[] = {
    0xffffffff80000000, 0xffffffff80100000, 0xffff800000000000, 0xffff800000100000, 0xffff888000000000,
    0xfffffffffffff000, 0xffffffffffffffff, 0xffffffffff600000, 0x800000000000, 0x7ffffffff000, 0x7fffffffffff,
    0x8000000000000000, 8,
};

static void try_all(uint64_t address, int file) {
    for (size_t i = 0; i < COUNT(calls); i++) {
        long a[6];
        for (int j = 0; j < 6; j++) {
            long one = calls[i].arguments[j];
            a[j] = one == P ? (long)address : one == F ? file : one;
        }
        long result;
        register long r10 __asm__("r10") = a[3], r8 __asm__("r8") = a[4], r9 __asm__("r9") = a[5];
        __asm__ volatile("syscall" : "=a"(result)
                         : "a"(calls[i].number), "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10), "r"(r8), "r"(r9)
                         : "rcx", "r11", "memory");
        CHECK(result >= -4095 || calls[i].number == SYS_brk);
    }
}

// Calls that end, stop or multiply the caller, reach others, or make what outlives it.
static const int left_out[] = {
    SYS_rt_sigreturn, SYS_pause, SYS_clone, SYS_fork, SYS_vfork, SYS_exit, SYS_exit_group, SYS_clone3, SYS_ptrace,
    SYS_vhangup, SYS_sync, SYS_syncfs, SYS_reboot, SYS_init_module, SYS_delete_module, SYS_finit_module,
    SYS_kexec_load, SYS_kexec_file_load, SYS_kill, SYS_tkill, SYS_tgkill, SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo,
    SYS_pidfd_send_signal, SYS_sethostname, SYS_setdomainname, SYS_shmget, SYS_semget, SYS_msgget, SYS_close_range, SYS_alarm,
};

static int is_left_out(long number) {
    for (size_t i = 0; i < COUNT(left_out); i++)
        if (left_out[i] == number) return 1;
    return 0;
}

// Every call with the address in every argument. A call with its arguments in this order is no call that means anything.
static void try_every_call(long address) {
    // Not as root: some of these numbers would mean something to a host, such as a name of no length.
    if (getuid() == 0) {
        CHECK_ZERO(setresgid(65534, 65534, 65534));
        CHECK_ZERO(setresuid(65534, 65534, 65534));
    }
    for (long number = 0; number <= 462; number++) {
        // Between 334 and 424 there are none, but for two that only probes may make.
        if (is_left_out(number) || (number > 334 && number < 424)) continue;
        long result;
        register long r10 __asm__("r10") = address, r8 __asm__("r8") = address, r9 __asm__("r9") = address;
        __asm__ volatile("syscall" : "=a"(result)
                         : "a"(number), "D"(address), "S"(address), "d"(address), "r"(r10), "r"(r8), "r"(r9)
                         : "rcx", "r11", "memory");
    }
}

static void check_refused(uint64_t address, int file) {
    void *pointer = (void *)address;
    CHECK_ERRNO(read(file, pointer, 8), EFAULT);
    CHECK_ERRNO(write(file, pointer, 8), EFAULT);
    CHECK_ERRNO(syscall(SYS_pipe, pointer), EFAULT);
    CHECK_ERRNO(syscall(SYS_uname, pointer), EFAULT);
    CHECK_ERRNO(syscall(SYS_clock_gettime, 0, pointer), EFAULT);
    CHECK_ERRNO(syscall(SYS_openat, -100, pointer, 0), EFAULT);
    CHECK_ERRNO(syscall(SYS_rt_sigaction, SIGUSR1, 0, pointer, 8), EFAULT);
}

int main(void) {
    int file = file_with("f", "0123456789", 10);
    CHECK_ZERO(setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}));
    for (size_t i = 0; i < COUNT(addresses); i++) {
        pid_t child = fork_child();
        if (child == 0) {
            check_refused(addresses[i], file);
            try_all(addresses[i], file);
            // The last one is a small number, which may mean something.
            if (i + 1 < COUNT(addresses)) try_every_call((long)addresses[i]);
            _exit(0);
        }
        CHECK_EXITS(child, 0);
    }
    puts("ok");
}
