// Runs a command on a host that lacks things: hostile_host WORD... -- PROGRAM ARGUMENTS
//
// A word takes something away, by a seccomp filter that answers as a host without it does, by namespaces, or by the
// mounts. `container` makes what a container runtime makes: a root of its own that is read-only, a PID namespace whose
// first process is the program, an ordinary user, no new privileges, no terminal; `docker` adds the refusals of
// Docker's default profile (https://docs.docker.com/engine/security/seccomp/).
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534
#define LANDLOCK_CREATE 444
#define LANDLOCK_RESTRICT 446
#define MSEAL 462
#define EXECUTABLE_MEMFD 0x10
// CLONE_NEW* (clone(2)), NEWTIME excepted: clone(2) has no such flag.
#define NAMESPACES 0x7e020000U

static void check(int fails, const char *what) {
    if (!fails) return;
    fprintf(stderr, "hostile_host: %s: %s\n", what, strerror(errno));
    exit(99);
}

static struct sock_filter filter[400];
static unsigned short length;

static void put(struct sock_filter instruction) {
    if (length == sizeof filter / sizeof *filter) exit(98);
    filter[length++] = instruction;
}

#define LOAD(field) put((struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field)))
#define JUMP(test, value, yes, no) put((struct sock_filter)BPF_JUMP(BPF_JMP | test | BPF_K, value, yes, no))
#define ANSWER(value) put((struct sock_filter)BPF_STMT(BPF_RET | BPF_K, value))

static void refuse(unsigned number, int error) {
    JUMP(BPF_JEQ, number, 0, 1);
    ANSWER(SECCOMP_RET_ERRNO | error);
}

// Refuses a call with one of `flags` in the low half of an argument, which is at `offset`.
static void refuse_flags(unsigned number, unsigned offset, unsigned flags, int error) {
    JUMP(BPF_JEQ, number, 0, 4);
    put((struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset));
    JUMP(BPF_JSET, flags, 0, 1);
    ANSWER(SECCOMP_RET_ERRNO | error);
    ANSWER(SECCOMP_RET_ALLOW);
}

#define ARGUMENT(index) (offsetof(struct seccomp_data, args) + 8 * (index))

static void no_namespaces(void) {
    refuse(SYS_unshare, EPERM);
    refuse(SYS_setns, EPERM);
    refuse(SYS_clone3, ENOSYS);
    refuse_flags(SYS_clone, ARGUMENT(0), NAMESPACES, EPERM);
}

// What Docker's default profile refuses a process without capabilities.
static void docker(void) {
    static const unsigned refused[] = {
        SYS_acct, SYS_add_key, SYS_adjtimex, SYS_bpf, SYS_clock_adjtime, SYS_clock_settime, SYS_create_module,
        SYS_delete_module, SYS_fanotify_init, SYS_finit_module, SYS_fsconfig, SYS_fsmount, SYS_fsopen, SYS_fspick,
        SYS_get_kernel_syms, SYS_get_mempolicy, SYS_init_module, SYS_io_uring_enter, SYS_io_uring_register,
        SYS_io_uring_setup, SYS_ioperm, SYS_iopl, SYS_kcmp, SYS_kexec_file_load, SYS_kexec_load, SYS_keyctl,
        SYS_lookup_dcookie, SYS_mbind, SYS_mount, SYS_move_mount, SYS_move_pages, SYS_nfsservctl,
        SYS_open_by_handle_at, SYS_open_tree, SYS_perf_event_open, SYS_pidfd_getfd, SYS_pivot_root,
        SYS_process_madvise, SYS_process_vm_readv, SYS_process_vm_writev, SYS_ptrace, SYS_query_module, SYS_quotactl,
        SYS_reboot, SYS_request_key, SYS_set_mempolicy, SYS_setdomainname, SYS_sethostname, SYS_settimeofday,
        SYS_swapoff, SYS_swapon, SYS_sysfs, SYS__sysctl, SYS_syslog, SYS_umount2, SYS_uselib, SYS_userfaultfd,
        SYS_ustat, SYS_vhangup, SYS_vmsplice,
    };
    static const unsigned personalities[] = {0, 8, 0x20000, 0x20008, 0xffffffff};
    for (unsigned i = 0; i < sizeof refused / sizeof *refused; i++) refuse(refused[i], EPERM);
    no_namespaces();
    JUMP(BPF_JEQ, SYS_personality, 0, 8);
    LOAD(args[0]);
    for (unsigned i = 0; i < 5; i++) JUMP(BPF_JEQ, personalities[i], 5 - i, 0);
    ANSWER(SECCOMP_RET_ERRNO | EPERM);
    ANSWER(SECCOMP_RET_ALLOW);
}

static int has(char **words, const char *wanted) {
    for (; *words; words++) {
        if (strcmp(*words, wanted) == 0) return 1;
    }
    return 0;
}

static void take_calls_away(char **words) {
    LOAD(nr);
    if (has(words, "docker")) docker();
    if (has(words, "no-namespaces")) no_namespaces();
    if (has(words, "no-filters")) refuse(SYS_seccomp, EPERM);
    if (has(words, "no-memfd")) refuse(SYS_memfd_create, EPERM);
    // As with the sysctl vm.memfd_noexec=2.
    if (has(words, "no-memfd-execution")) refuse_flags(SYS_memfd_create, ARGUMENT(1), EXECUTABLE_MEMFD, EACCES);
    if (has(words, "no-openat2")) refuse(SYS_openat2, ENOSYS);
    if (has(words, "no-mseal")) refuse(MSEAL, ENOSYS);
    for (unsigned number = LANDLOCK_CREATE; number <= LANDLOCK_RESTRICT; number++) {
        if (has(words, "no-landlock")) refuse(number, ENOSYS);
        if (has(words, "landlock-off")) refuse(number, EOPNOTSUPP);
    }
    ANSWER(SECCOMP_RET_ALLOW);
    struct sock_fprog program = {length, filter};
    check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges");
    check(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), "the filter");
}

static void write_file(const char *path, const char *text) {
    int file = open(path, O_WRONLY);
    check(file < 0 || write(file, text, strlen(text)) < 0, path);
    close(file);
}

// Whoever is no superuser becomes one of a namespace for the set-up, under his own number.
static void may_mount(void) {
    char map[60];
    unsigned user = geteuid(), group = getegid();
    if (user == 0) return;
    check(unshare(CLONE_NEWUSER), "a user namespace, to set the container up");
    write_file("/proc/self/setgroups", "deny");
    snprintf(map, sizeof map, "%u %u 1", user, user);
    write_file("/proc/self/uid_map", map);
    snprintf(map, sizeof map, "%u %u 1", group, group);
    write_file("/proc/self/gid_map", map);
}

static void show(const char *root, const char *name, const char *source) {
    char target[200], link[200];
    struct stat what;
    snprintf(target, sizeof target, "%s%s", root, name);
    if (lstat(source, &what)) return;
    if (S_ISLNK(what.st_mode)) {
        ssize_t size = readlink(source, link, sizeof link - 1);
        link[size < 0 ? 0 : size] = 0;
        check(symlink(link, target), target);
    } else {
        if (S_ISDIR(what.st_mode)) {
            check(mkdir(target, 0755), target);
        } else {
            check(mknod(target, S_IFREG | 0644, 0), target);
        }
        check(mount(source, target, 0, MS_BIND, 0), target);
    }
}

// A root of its own, read-only: system folders, four devices, /proc unless taken away, and the program.
static void own_root(char **words, const char *program) {
    static const char *const shown[] = {"/bin", "/etc", "/lib", "/lib64", "/usr"};
    static const char *const devices[] = {"/dev/full", "/dev/null", "/dev/random", "/dev/urandom", "/dev/zero"};
    const char *root = "/tmp";
    check(mount(0, "/", 0, MS_REC | MS_PRIVATE, 0), "private mounts");
    // By its descriptor: the program may lie below the folder that is covered next.
    char source[40];
    int file = open(program, O_PATH | O_CLOEXEC);
    check(file < 0, program);
    snprintf(source, sizeof source, "/proc/self/fd/%d", file);
    check(mount("none", root, "tmpfs", 0, "mode=755"), "the root");
    for (unsigned i = 0; i < sizeof shown / sizeof *shown; i++) show(root, shown[i], shown[i]);
    check(mkdir("/tmp/dev", 0755), "/dev");
    for (unsigned i = 0; i < sizeof devices / sizeof *devices; i++) show(root, devices[i], devices[i]);
    char target[200];
    snprintf(target, sizeof target, "%s%s", root, strrchr(program, '/'));
    check(mknod(target, S_IFREG | 0755, 0) || mount(source, target, 0, MS_BIND, 0), target);
    check(mkdir("/tmp/proc", 0755) || mkdir("/tmp/work", 0777) || mkdir("/tmp/old", 0755), "folders");
    if (!has(words, "no-proc")) check(mount("none", "/tmp/proc", "proc", 0, 0), "/proc");
    check(mount(0, root, 0, MS_REMOUNT | MS_BIND | MS_RDONLY, 0), "read-only");
    check(chdir(root) || syscall(SYS_pivot_root, ".", "old") || chdir("/"), "the root's place");
    check(umount2("/old", MNT_DETACH), "the old root");
}

// Goes on in a child, the first process of a PID namespace; this process ends as the child does.
static void own_processes(void) {
    int status;
    check(unshare(CLONE_NEWPID), "a PID namespace");
    pid_t child = fork();
    check(child < 0, "fork");
    if (child == 0) return;
    check(waitpid(child, &status, 0) < 0, "wait");
    exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

int main(int count, char **arguments) {
    char **command = arguments + 1, **words = arguments + 1;
    while (command < arguments + count && strcmp(*command, "--") != 0) command++;
    if (command >= arguments + count - 1 || command[1][0] != '/') return 97;
    *command++ = 0;
    if (has(words, "container")) {
        may_mount();
        check(unshare(CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS), "namespaces");
        own_processes();
        own_root(words, command[0]);
        command[0] = strrchr(command[0], '/');
        setsid();
    }
    if (geteuid() == 0 && (has(words, "container") || has(words, "user"))) {
        check(setgid(NOBODY) || setuid(NOBODY), "an ordinary user");
    }
    if (has(words, "container")) check(prctl(PR_SET_PDEATHSIG, SIGKILL), "the parent's death");
    take_calls_away(words);
    execv(command[0], command);
    check(1, command[0]);
}
