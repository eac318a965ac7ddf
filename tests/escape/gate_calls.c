// cases: open openat openat2 creat unlink unlinkat rename renameat2 truncate chmod mkdir symlink link mknod utimensat
// cases: kill tkill tgkill tgkill_kick tgkill_zero forged_kick rt_sigqueueinfo rt_tgsigqueueinfo pidfd ptrace
// cases: owner_signal connect_tcp connect_unix sendto_udp sendmsg execve execveat fork_exec clone_exec cpu_clock
// native: ptrace: may fail "some hosts let nobody trace"
// native: tgkill_zero: may fail "signal 0 changes nothing"
// also: forked vforked
// also: older: kill tkill tgkill tgkill_kick tgkill_zero forged_kick rt_sigqueueinfo pidfd ptrace owner_signal
// also: beside: kill tkill tgkill tgkill_kick rt_sigqueueinfo pidfd ptrace owner_signal cpu_clock
// Jumps into the gate, where the filter lets calls through, with numbers and arguments of the attack's choice.
#include "attack.h"

#define G(...) AT(GATE, __VA_ARGS__)

static void files(void) {
    char other[300];
    snprintf(other, sizeof other, "%s.new", victim);
    struct { uint64_t flags, mode, resolve; } how = {O_RDONLY, 0, 0};
    static char bytes[200];
    long file = -1;
    CASE("open") file = G(SYS_open, secret, O_RDONLY, 0);
    CASE("openat") file = G(SYS_openat, AT_FDCWD, secret, O_RDONLY, 0);
    CASE("openat2") file = G(SYS_openat2, AT_FDCWD, secret, &how, sizeof how);
    if (file >= 0) {
        long length = G(SYS_pread64, file, bytes, sizeof bytes, 0);
        if (length > 0) G(SYS_write, 1, bytes, length);
    }
    CASE("creat") G(SYS_creat, other, 0666);
    CASE("unlink") G(SYS_unlink, victim);
    CASE("unlinkat") G(SYS_unlinkat, AT_FDCWD, victim, 0);
    CASE("rename") G(SYS_rename, victim, other);
    CASE("renameat2") G(SYS_renameat2, AT_FDCWD, victim, AT_FDCWD, other, 0);
    CASE("truncate") G(SYS_truncate, victim, 0);
    CASE("chmod") G(SYS_chmod, victim, 0777);
    CASE("mkdir") G(SYS_mkdir, other, 0777);
    CASE("symlink") G(SYS_symlink, secret, other);
    CASE("link") G(SYS_link, victim, other);
    CASE("mknod") G(SYS_mknod, other, S_IFIFO | 0666, 0);
    CASE("utimensat") {
        // Touching times only is seen by nobody here, so the file is made in the same breath.
        G(SYS_utimensat, AT_FDCWD, victim, 0, 0);
        G(SYS_openat, AT_FDCWD, other, O_CREAT | O_WRONLY, 0666);
    }
}

// Asks whoever makes kicks for the sandbox to kick the process outside, by every word that may be a question.
static void forge_kick(void) {
    if (unfiltered) {
        G(SYS_tgkill, victim_process, victim_process, KICK);
        return;
    }
    for (uint64_t *word = (uint64_t *)ARENA; word < (uint64_t *)(ARENA + (16 << 10)); word++) {
        if (*word == 0) *word = (uint64_t)victim_process << 32 | (uint32_t)victim_process;
    }
    for (uint32_t *word = (uint32_t *)ARENA; word < (uint32_t *)(ARENA + (16 << 10)); word++) {
        G(SYS_futex, word, 1, 100, 0, 0, 0);
    }
    for (int i = 0; i < 2000; i++) G(SYS_sched_yield);
}

static void processes(void) {
    siginfo_t info = {0};
    info.si_signo = SIGTERM;
    info.si_code = SI_QUEUE;
    CASE("kill") G(SYS_kill, victim_process, SIGKILL);
    CASE("tkill") G(SYS_tkill, victim_process, SIGKILL);
    CASE("tgkill") G(SYS_tgkill, victim_process, victim_process, SIGKILL);
    // The one signal that the table lets through: whom it reaches is Landlock's to say.
    CASE("tgkill_kick") {
        if (G(SYS_tgkill, victim_process, victim_process, KICK) == 0) reached();
    }
    CASE("forged_kick") forge_kick();
    CASE("tgkill_zero") G(SYS_tgkill, victim_process, victim_process, 0);
    CASE("rt_sigqueueinfo") G(SYS_rt_sigqueueinfo, victim_process, SIGTERM, &info);
    CASE("rt_tgsigqueueinfo") G(SYS_rt_tgsigqueueinfo, victim_process, victim_process, SIGTERM, &info);
    CASE("pidfd") {
        long process = G(SYS_pidfd_open, victim_process, 0);
        G(SYS_pidfd_send_signal, process, SIGKILL, 0, 0);
    }
    CASE("ptrace") {
        G(SYS_ptrace, 16, victim_process, 0, 0);
        for (int i = 0; i < 50; i++) G(SYS_sched_yield);
    }
    CASE("owner_signal") {
        int ends[2];
        if (G(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, ends)) return;
        G(SYS_fcntl, ends[0], F_SETOWN, victim_process);
        G(SYS_fcntl, ends[0], F_SETSIG, SIGTERM);
        G(SYS_fcntl, ends[0], F_SETFL, O_ASYNC);
        G(SYS_write, ends[1], "x", 1);
    }
    CASE("cpu_clock") {
        // The processor time of another process, by a number made from its own (clock_getcpuclockid(3)).
        struct timespec time;
        long clock = ~(long)victim_process << 3 | 2;
        if (G(SYS_clock_gettime, (int)clock, &time) == 0) reached();
    }
}

static void sockets(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    strncpy(local.sun_path, unix_path, sizeof local.sun_path - 1);
    struct iovec part = {"hello", 5};
    struct msghdr message = {.msg_name = &address, .msg_namelen = sizeof address, .msg_iov = &part, .msg_iovlen = 1};
    CASE("connect_tcp") G(SYS_connect, G(SYS_socket, AF_INET, SOCK_STREAM, 0), &address, sizeof address);
    CASE("connect_unix") G(SYS_connect, G(SYS_socket, AF_UNIX, SOCK_STREAM, 0), &local, sizeof local);
    CASE("sendto_udp") {
        // The table lets `sendto` through on descriptor 3, where natively a UDP socket is put.
        long made = G(SYS_socket, AF_INET, SOCK_DGRAM, 0);
        if (made > 0 && made != CHANNEL) G(SYS_dup2, made, CHANNEL);
        G(SYS_sendto, CHANNEL, "hello", 5, 0, &address, sizeof address);
    }
    CASE("sendmsg") {
        long made = G(SYS_socket, AF_INET, SOCK_DGRAM, 0);
        if (made > 0 && made != CHANNEL) G(SYS_dup2, made, CHANNEL);
        G(SYS_sendmsg, CHANNEL, &message, 0);
    }
}

static void programs(void) {
    char line[400];
    snprintf(line, sizeof line, "echo > %s", victim);
    char *words[] = {"sh", "-c", line, 0};
    char *none[] = {0};
    CASE("execve") G(SYS_execve, "/bin/sh", words, none);
    CASE("execveat") G(SYS_execveat, AT_FDCWD, "/bin/sh", words, none, 0);
    CASE("fork_exec") {
        long child = G(SYS_fork);
        if (child == 0) G(SYS_execve, "/bin/sh", words, none);
        G(SYS_wait4, child, 0, 0, 0);
    }
    CASE("clone_exec") {
        // CLONE_PARENT too: a word that the table lists, and one that it does not.
        const long flags[] = {SIGCHLD, 0x400 | 0x8000 | SIGCHLD, 0x10000000 | SIGCHLD};
        for (int i = 0; i < 3; i++) {
            if (G(SYS_clone, flags[i], 0, 0, 0, 0) == 0) {
                G(SYS_execve, "/bin/sh", words, none);
                G(SYS_exit_group, 0);
            }
        }
        for (int i = 0; i < 100; i++) poll(0, 0, 5);
    }
}

static int attack(void) {
    find_gate();
    files();
    processes();
    sockets();
    programs();
    return 0;
}

int main(int argc, char **argv) {
    (void)argc;
    plan(argv);
    return by_whom(attack);
}
