// cases: kill kill_group stop tkill tgkill urgent sigqueue tgsigqueue pidfd pidfd_queue
// cases: getpgid getsid priority set_priority affinity set_affinity limits robust_list descriptor_of owner
// cases: ptrace seize read_memory write_memory proc_mem proc_environ proc_root proc_fd wait
// native: proc_fd: may fail "who may open a file again is the file's to say"
// native: wait: may fail "nobody waits for a process that is not his child"
// also: beside
// sandbox: denied
// Names a process outside by its number in plain calls: signals it, reads and writes its memory, looks at and changes
// what it has. In the sandbox there is no such number.
#include "attack.h"

#include <sched.h>
#include <sys/ptrace.h>
#include <sys/resource.h>

// What a call answered, and whether that is "no such process".
static long answer;
static int is_refused;

static void took(long result) {
    answer = result;
    is_refused = result < 0 && errno == ESRCH;
    if (result >= 0) reached();
}

// A signal that was taken is seen outside.
static void sent(long result) {
    answer = result;
    is_refused = result < 0 && errno == ESRCH;
}

// What has no number of its own to refuse by: no such file, or no such call at all.
static void missed(long result) {
    answer = result;
    is_refused = result < 0 && (errno == ENOENT || errno == ESRCH || errno == ENOSYS || errno == EPERM || errno == ECHILD);
    if (result >= 0) reached();
}

static siginfo_t queued(void) {
    siginfo_t info = {0};
    info.si_signo = SIGTERM;
    info.si_code = SI_QUEUE;
    return info;
}

static void signals(pid_t process) {
    siginfo_t info = queued();
    CASE("kill") sent(kill(process, SIGTERM));
    CASE("kill_group") {
        pid_t group = getpgid(process);
        sent(kill(group > 0 ? -group : -process, SIGTERM));
    }
    CASE("stop") sent(kill(process, SIGSTOP));
    CASE("tkill") sent(syscall(SYS_tkill, process, SIGTERM));
    CASE("tgkill") sent(syscall(SYS_tgkill, process, process, SIGKILL));
    CASE("urgent") took(syscall(SYS_tgkill, process, process, KICK));
    CASE("sigqueue") sent(syscall(SYS_rt_sigqueueinfo, process, SIGTERM, &info));
    CASE("tgsigqueue") sent(syscall(SYS_rt_tgsigqueueinfo, process, process, SIGTERM, &info));
    CASE("pidfd") {
        int file = syscall(SYS_pidfd_open, process, 0);
        sent(file < 0 ? file : syscall(SYS_pidfd_send_signal, file, SIGTERM, 0, 0));
    }
    CASE("pidfd_queue") {
        int file = syscall(SYS_pidfd_open, process, 0);
        sent(file < 0 ? file : syscall(SYS_pidfd_send_signal, file, SIGTERM, &info, 0));
    }
}

static void attributes(pid_t process) {
    struct rlimit limit;
    cpu_set_t set;
    void *head;
    size_t size;
    CPU_ZERO(&set);
    CPU_SET(0, &set);
    CASE("getpgid") took(getpgid(process));
    CASE("getsid") took(getsid(process));
    CASE("priority") {
        errno = 0;
        took(getpriority(PRIO_PROCESS, process) == -1 && errno ? -1 : 0);
    }
    CASE("set_priority") took(setpriority(PRIO_PROCESS, process, 5));
    CASE("affinity") took(sched_getaffinity(process, sizeof set, &set));
    CASE("set_affinity") took(sched_setaffinity(process, sizeof set, &set));
    CASE("limits") took(prlimit(process, RLIMIT_NOFILE, 0, &limit));
    CASE("robust_list") missed(syscall(SYS_get_robust_list, process, &head, &size));
    CASE("descriptor_of") {
        int file = syscall(SYS_pidfd_open, process, 0);
        missed(file < 0 ? file : syscall(SYS_pidfd_getfd, file, 0, 0));
    }
    CASE("owner") {
        // Signals about this pipe's end are to go to the process outside.
        int ends[2];
        if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends)) return;
        int is_set = fcntl(ends[0], F_SETOWN, process) == 0 && fcntl(ends[0], F_SETFL, O_ASYNC) == 0;
        fcntl(ends[0], 10 /* F_SETSIG */, SIGTERM);
        if (write(ends[1], "x", 1) != 1) _exit(9);
        is_refused = !is_set || unfiltered == 0;
    }
}

// Print what follows the mark in a piece of memory.
static int print_token(const char *bytes, size_t length) {
    const char *at = memmem(bytes, length, "SECRET=TOKEN", 12);
    if (at == NULL) return 0;
    if (write(1, at, strnlen(at, 60)) < 0) _exit(9);
    return 1;
}

// Whatever of the process's memory can be read, part by part, until the secret is found.
static long search(pid_t process, int by_file) {
    static char line[400], bytes[1 << 16];
    char path[60];
    snprintf(path, sizeof path, "/proc/%d/mem", process);
    int memory = by_file ? open(path, O_RDONLY) : -1;
    if (by_file && memory < 0) return -1;
    if (!by_file) {
        struct iovec here = {bytes, 1}, there = {(void *)0x1000, 1};
        if (process_vm_readv(process, &here, 1, &there, 1, 0) < 0 && errno != EFAULT) return -1;
    }
    snprintf(path, sizeof path, "/proc/%d/maps", process);
    FILE *maps = fopen(path, "r");
    if (maps == NULL) return -1;
    while (fgets(line, sizeof line, maps)) {
        unsigned long from, to;
        if (sscanf(line, "%lx-%lx rw", &from, &to) != 2 || to - from > 64UL << 20 || from >= 1UL << 47) continue;
        for (; from < to; from += sizeof bytes - 4096) {
            size_t length = to - from < sizeof bytes ? to - from : sizeof bytes;
            struct iovec here = {bytes, length}, there = {(void *)from, length};
            ssize_t got = by_file ? pread(memory, bytes, length, from) : process_vm_readv(process, &here, 1, &there, 1, 0);
            if (got > 0 && print_token(bytes, got)) return 0;
        }
    }
    errno = EAGAIN;
    return -1;
}

static void memory(pid_t process) {
    static char bytes[1 << 16];
    char path[400];
    CASE("ptrace") missed(ptrace(PTRACE_ATTACH, process, 0, 0));
    CASE("seize") missed(ptrace(PTRACE_SEIZE, process, 0, 0));
    CASE("read_memory") missed(search(process, 0));
    CASE("write_memory") {
        // Nothing is changed: whether it may be is what the address tells.
        struct iovec here = {bytes, 1}, there = {(void *)0x1000, 1};
        long result = process_vm_writev(process, &here, 1, &there, 1, 0);
        missed(result < 0 && errno == EFAULT ? 0 : result);
    }
    CASE("proc_mem") missed(search(process, 1));
    CASE("proc_environ") {
        snprintf(path, sizeof path, "/proc/%d/environ", process);
        int file = open(path, O_RDONLY);
        long length = file < 0 ? -1 : read(file, bytes, sizeof bytes);
        missed(length);
    }
    CASE("proc_root") {
        snprintf(path, sizeof path, "/proc/%d/root%s", process, secret);
        secret = path;
        missed(open(secret, O_RDONLY));
        print_secret();
    }
    CASE("proc_fd") {
        snprintf(path, sizeof path, "/proc/%d/fd/0", process);
        missed(open(path, O_RDONLY | O_NONBLOCK));
    }
    CASE("wait") {
        siginfo_t info;
        missed(waitid(P_PID, process, &info, WEXITED | WNOHANG));
    }
}

int main(int argc, char **argv) {
    (void)argc;
    plan(argv);
    find_gate();
    signals(victim_process);
    attributes(victim_process);
    memory(victim_process);
    if (is_refused) return 0;
    dprintf(1, "answered %ld, error %d\n", answer, errno);
    return 1;
}
