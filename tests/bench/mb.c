/*
 * mb.c: microbenchmark of the Linux system interface as a guest program sees it.
 *
 * What it measures
 *   One row per test: nanoseconds per operation for system call entry, files, pipes and sockets, futexes, threads,
 *   memory mapping, signals, loopback TCP, fork and exec. Timing is done inside the process with CLOCK_MONOTONIC,
 *   so the start-up of a sandbox is never part of a row. `cpu_loop` makes no system call: it is the calibration row.
 *   The same binary runs on the bare kernel and inside a sandbox; only the ratio of two runs taken together means
 *   anything. `cargo xtask bench` does that.
 *
 * Build (no dependency but libc; also builds with clang, and with -m32)
 *   gcc -O2 -pthread -static -o mb.static  mb.c
 *   gcc -O2 -pthread         -o mb.dynamic mb.c
 *   Use both: in the static binary the `syscall` instructions lie in the program itself, in the dynamic one in libc.
 *
 * Run
 *   ./mb.static                       all tests
 *   ./mb.static getpid stat           only these
 *   ./mb.static list                  print the names
 *   ./mb.static reps=5 scale=0.2 dir=/tmp fork_exit_wait
 *
 * Settings: NAME=VALUE as an argument, or MB_NAME in the environment (for sandboxes that pass only one of the two)
 *   reps=N    repetitions per test, 1..64 (5)         scale=F   multiplies the iteration counts (1.0; never under 10)
 *   dir=D     folder for the file tests (/tmp)        ip=A      IPv4 address for the TCP tests (127.0.0.1)
 *   port=P    TCP port (0: the kernel chooses)        self=P    path that the exec tests start (argv[0])
 *
 * Output, one line per test, flushed at once (a hang is visible as the missing line):
 *   NAME MEDIAN min MIN max MAX       ns per operation over the repetitions
 *   NAME FAIL reason                  the call is missing or answered wrongly; the number is an errno
 * Exit status: 0 all asked for passed, 1 at least one FAIL, 2 bad usage.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CHUNK 65536             /* bytes per operation of the *_tput_64K rows */
#define FILE_SIZE (1 << 20)     /* size of the file behind the read rows */

static int reps = 5;
static double scale = 1.0;
static char dir[256] = "/tmp";
static char ip[64] = "127.0.0.1";
static int port = 0;
static char self[512];
static char datafile[320], newfile[320];
static char err[200];

/* Every test returns the total time in ns for n operations, or -1 with the reason in err. */
#define FAIL(...) do { snprintf(err, sizeof err, __VA_ARGS__); return -1; } while (0)

static uint64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* ---- calibration and bare entry ---------------------------------------------------------------------------- */

static double t_cpu(long n)
{
    volatile uint64_t x = 1;
    uint64_t a = now();
    for (long i = 0; i < n; i++) x = x * 6364136223846793005ull + 1442695040888963407ull;
    return now() - a;
}

static double t_getpid(long n)
{
    uint64_t a = now();
    for (long i = 0; i < n; i++) syscall(SYS_getpid);
    return now() - a;
}

static double t_getppid(long n)
{
    uint64_t a = now();
    for (long i = 0; i < n; i++) if (syscall(SYS_getppid) < 0) FAIL("getppid %d", errno);
    return now() - a;
}

/* Through libc's wrapper, `mov $nr,%eax; syscall`: the pattern that rewriters patch first. */
static double t_getppid_wrapper(long n)
{
    uint64_t a = now();
    for (long i = 0; i < n; i++) getppid();
    return now() - a;
}

/* Through the vDSO if the guest is given one. */
static double t_clock_libc(long n)
{
    struct timespec t;
    uint64_t a = now();
    for (long i = 0; i < n; i++) clock_gettime(CLOCK_MONOTONIC, &t);
    return now() - a;
}

static double t_clock_sys(long n)
{
    struct timespec t;
    uint64_t a = now();
    for (long i = 0; i < n; i++) syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &t);
    return now() - a;
}

static double t_yield(long n)
{
    uint64_t a = now();
    for (long i = 0; i < n; i++) sched_yield();
    return now() - a;
}

/* ---- files ------------------------------------------------------------------------------------------------- */

static int make_file(void)
{
    static char b[CHUNK];
    int fd = open(datafile, O_RDWR | O_CREAT | O_TRUNC, 0644);
    if (fd < 0) return -1;
    memset(b, 'x', sizeof b);
    for (int i = 0; i < FILE_SIZE / CHUNK; i++)
        if (write(fd, b, sizeof b) != (ssize_t)sizeof b) { close(fd); return -1; }
    return fd;
}

/* Sequential; one lseek back to 0 per 1 MiB read is part of the row. */
static double read_file(long n, size_t size)
{
    char b[4096];
    int fd = make_file();
    if (fd < 0) FAIL("make_file %d", errno);
    if (lseek(fd, 0, SEEK_SET) < 0) { close(fd); FAIL("lseek %d", errno); }
    size_t pos = 0;
    uint64_t a = now();
    for (long i = 0; i < n; i++) {
        if (pos + size > FILE_SIZE) { lseek(fd, 0, SEEK_SET); pos = 0; }
        ssize_t r = read(fd, b, size);
        if (r != (ssize_t)size) { close(fd); FAIL("read r=%zd errno=%d", r, errno); }
        pos += size;
    }
    double d = now() - a;
    close(fd);
    return d;
}
static double t_read_1(long n) { return read_file(n, 1); }
static double t_read_4k(long n) { return read_file(n, 4096); }

static double t_pread_4k(long n)
{
    char b[4096];
    int fd = make_file();
    if (fd < 0) FAIL("make_file %d", errno);
    uint64_t a = now();
    for (long i = 0; i < n; i++)
        if (pread(fd, b, 4096, (i % 256) * 4096) != 4096) { close(fd); FAIL("pread %d", errno); }
    double d = now() - a;
    close(fd);
    return d;
}

/* Writes the same 1 MiB over and over; the first pass allocates it. */
static double t_write_4k(long n)
{
    char b[4096];
    int fd = open(datafile, O_RDWR | O_CREAT | O_TRUNC, 0644);
    if (fd < 0) FAIL("open %d", errno);
    memset(b, 1, sizeof b);
    uint64_t a = now();
    for (long i = 0; i < n; i++) {
        if ((i & 255) == 0 && i) lseek(fd, 0, SEEK_SET);
        if (write(fd, b, 4096) != 4096) { close(fd); FAIL("write %d", errno); }
    }
    double d = now() - a;
    close(fd);
    return d;
}

static double t_open_close(long n)
{
    int fd = make_file();
    if (fd < 0) FAIL("make_file %d", errno);
    close(fd);
    uint64_t a = now();
    for (long i = 0; i < n; i++) {
        int f = open(datafile, O_RDONLY);
        if (f < 0) FAIL("open %d", errno);
        close(f);
    }
    return now() - a;
}

static double t_stat(long n)
{
    struct stat s;
    int fd = make_file();
    if (fd < 0) FAIL("make_file %d", errno);
    close(fd);
    uint64_t a = now();
    for (long i = 0; i < n; i++) if (stat(datafile, &s) < 0) FAIL("stat %d", errno);
    return now() - a;
}

static double t_fstat(long n)
{
    struct stat s;
    int fd = make_file();
    if (fd < 0) FAIL("make_file %d", errno);
    uint64_t a = now();
    for (long i = 0; i < n; i++) if (fstat(fd, &s) < 0) { close(fd); FAIL("fstat %d", errno); }
    double d = now() - a;
    close(fd);
    return d;
}

static double t_creat_unlink(long n)
{
    unlink(newfile);
    uint64_t a = now();
    for (long i = 0; i < n; i++) {
        int f = open(newfile, O_WRONLY | O_CREAT | O_EXCL, 0644);
        if (f < 0) FAIL("creat %d", errno);
        close(f);
        if (unlink(newfile) < 0) FAIL("unlink %d", errno);
    }
    return now() - a;
}

static double t_devzero(long n)
{
    char b[4096];
    int fd = open("/dev/zero", O_RDONLY);
    if (fd < 0) FAIL("open %d", errno);
    uint64_t a = now();
    for (long i = 0; i < n; i++) if (read(fd, b, 4096) != 4096) { close(fd); FAIL("read %d", errno); }
    double d = now() - a;
    close(fd);
    return d;
}

static double t_devnull(long n)
{
    char b[1] = {0};
    int fd = open("/dev/null", O_WRONLY);
    if (fd < 0) FAIL("open %d", errno);
    uint64_t a = now();
    for (long i = 0; i < n; i++) if (write(fd, b, 1) != 1) { close(fd); FAIL("write %d", errno); }
    double d = now() - a;
    close(fd);
    return d;
}

/* ---- pipes, sockets, threads ------------------------------------------------------------------------------- */

static double t_pipe_1thr(long n)
{
    int a[2];
    char c = 0;
    if (pipe(a)) FAIL("pipe %d", errno);
    uint64_t s = now();
    for (long i = 0; i < n; i++)
        if (write(a[1], &c, 1) != 1 || read(a[0], &c, 1) != 1) { close(a[0]); close(a[1]); FAIL("io %d", errno); }
    double d = now() - s;
    close(a[0]);
    close(a[1]);
    return d;
}

/* Two threads hand one byte back and forth. On failure each side closes its writing end, so the other sees EOF. */
struct peer { int r, w; long n; };

static void *pingpong_peer(void *v)
{
    struct peer *p = v;
    char c;
    for (long i = 0; i < p->n; i++)
        if (read(p->r, &c, 1) != 1 || write(p->w, &c, 1) != 1) { close(p->w); break; }
    return 0;
}

/* The peer reads r0 and writes w1; we write w0 and read r1. Closes all four, whatever happens (a pair may repeat). */
static double pingpong(int r0, int w0, int r1, int w1, long n)
{
    struct peer p = {r0, w1, n};
    pthread_t t;
    char c = 1;
    double d = -1;
    if (pthread_create(&t, 0, pingpong_peer, &p)) {
        snprintf(err, sizeof err, "pthread_create");
    } else {
        uint64_t a = now();
        long i;
        for (i = 0; i < n; i++) if (write(w0, &c, 1) != 1 || read(r1, &c, 1) != 1) break;
        d = now() - a;
        if (i < n) { snprintf(err, sizeof err, "io errno=%d", errno); d = -1; close(w0); }
        pthread_join(t, 0);
    }
    close(r0); close(w0); close(r1); close(w1);
    return d;
}

static double t_pipe_pingpong(long n)
{
    int a[2], b[2];
    if (pipe(a) || pipe(b)) FAIL("pipe %d", errno);
    return pingpong(a[0], a[1], b[0], b[1], n);
}

static double t_unix_pingpong(long n)
{
    int a[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, a)) FAIL("socketpair %d", errno);
    return pingpong(a[1], a[0], a[0], a[1], n);
}

static int word;
static long futex(int *u, int op, int v) { return syscall(SYS_futex, u, op | FUTEX_PRIVATE_FLAG, v, 0, 0, 0); }

static double t_futex_wake0(long n)
{
    int x = 0;
    uint64_t a = now();
    for (long i = 0; i < n; i++) if (futex(&x, FUTEX_WAKE, 1) < 0) FAIL("futex %d", errno);
    return now() - a;
}

static void *futex_peer(void *v)
{
    long n = *(long *)v;
    for (long i = 0; i < n; i++) {
        while (__atomic_load_n(&word, __ATOMIC_SEQ_CST) != 1) futex(&word, FUTEX_WAIT, 0);
        __atomic_store_n(&word, 0, __ATOMIC_SEQ_CST);
        futex(&word, FUTEX_WAKE, 1);
    }
    return 0;
}

static double t_futex_pingpong(long n)
{
    pthread_t t;
    word = 0;
    if (pthread_create(&t, 0, futex_peer, &n)) FAIL("pthread_create");
    uint64_t a = now();
    for (long i = 0; i < n; i++) {
        __atomic_store_n(&word, 1, __ATOMIC_SEQ_CST);
        futex(&word, FUTEX_WAKE, 1);
        while (__atomic_load_n(&word, __ATOMIC_SEQ_CST) != 0) futex(&word, FUTEX_WAIT, 1);
    }
    double d = now() - a;
    pthread_join(t, 0);
    return d;
}

static void *nothing(void *v) { return v; }

static double t_thread(long n)
{
    uint64_t a = now();
    for (long i = 0; i < n; i++) {
        pthread_t t;
        if (pthread_create(&t, 0, nothing, 0)) FAIL("pthread_create");
        pthread_join(t, 0);
    }
    return now() - a;
}

static double t_epoll(long n)
{
    uint64_t one = 1, v;
    double d = -1;
    int e = epoll_create1(0), f = eventfd(0, EFD_NONBLOCK);
    struct epoll_event ev = {.events = EPOLLIN, .data.fd = f}, out;
    if (e < 0 || f < 0 || epoll_ctl(e, EPOLL_CTL_ADD, f, &ev)) {
        snprintf(err, sizeof err, "epoll/eventfd set-up %d", errno);
    } else {
        uint64_t a = now();
        long i;
        for (i = 0; i < n; i++)
            if (write(f, &one, 8) != 8 || epoll_wait(e, &out, 1, -1) != 1 || read(f, &v, 8) != 8) break;
        d = now() - a;
        if (i < n) { snprintf(err, sizeof err, "round %ld errno=%d", i, errno); d = -1; }
    }
    close(e);
    close(f);
    return d;
}

/* One-way, 64 KiB writes, until the reader has everything. */
struct sink { int fd; uint64_t want, got; };

static void *sink_peer(void *v)
{
    static char b[CHUNK]; /* one reader at a time */
    struct sink *p = v;
    while (p->got < p->want) {
        ssize_t r = read(p->fd, b, sizeof b);
        if (r <= 0) break;
        p->got += r;
    }
    return 0;
}

/* Closes both ends. */
static double throughput(int w, int r, long n)
{
    static char b[CHUNK];
    struct sink p = {r, (uint64_t)n * CHUNK, 0};
    pthread_t t;
    double d = -1;
    if (pthread_create(&t, 0, sink_peer, &p)) {
        snprintf(err, sizeof err, "pthread_create");
    } else {
        int bad = 0;
        uint64_t a = now();
        for (long i = 0; i < n && !bad; i++)
            for (size_t o = 0; o < sizeof b;) {
                ssize_t k = write(w, b + o, sizeof b - o);
                if (k <= 0) { bad = errno ? errno : -1; break; }
                o += k;
            }
        if (bad) close(w);
        pthread_join(t, 0);
        d = now() - a;
        if (bad) { snprintf(err, sizeof err, "write errno=%d", bad); d = -1; }
        else if (p.got != p.want) { snprintf(err, sizeof err, "short %llu", (unsigned long long)p.got); d = -1; }
    }
    close(w);
    close(r);
    return d;
}

static double t_pipe_tput(long n)
{
    int a[2];
    if (pipe(a)) FAIL("pipe %d", errno);
    return throughput(a[1], a[0], n);
}

static double t_unix_tput(long n)
{
    int a[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, a)) FAIL("socketpair %d", errno);
    return throughput(a[0], a[1], n);
}

/* A connected loopback pair. Port 0 if the guest can say what it got, else a fixed one. Returns the failing step. */
static int tcp_pair(int *c, int *s)
{
    int one = 1, step = 0, l = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};
    socklen_t len = sizeof a;
    *c = -1;
    if (l < 0) return 1;
    setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (inet_pton(AF_INET, ip, &a.sin_addr) != 1) step = 2;
    else if (bind(l, (void *)&a, sizeof a)) step = 3;
    else if (listen(l, 8)) step = 4;
    else if (!port && (getsockname(l, (void *)&a, &len) || !a.sin_port)) { /* no answer: take a fixed port from now on */
        close(l);
        port = 18777;
        return tcp_pair(c, s);
    }
    else if ((*c = socket(AF_INET, SOCK_STREAM, 0)) < 0) step = 5;
    else if (connect(*c, (void *)&a, sizeof a)) step = 6;
    else if ((*s = accept(l, 0, 0)) < 0) step = 7;
    int e = errno;
    close(l);
    if (step) {
        if (*c >= 0) close(*c);
        errno = e;
        return step;
    }
    setsockopt(*c, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(*s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return 0;
}

static double t_tcp_rtt(long n)
{
    int c, s, r = tcp_pair(&c, &s);
    if (r) FAIL("tcp_pair step %d errno %d", r, errno);
    return pingpong(s, c, c, s, n);
}

static double t_tcp_tput(long n)
{
    int c, s, r = tcp_pair(&c, &s);
    if (r) FAIL("tcp_pair step %d errno %d", r, errno);
    return throughput(c, s, n);
}

/* ---- memory and signals ------------------------------------------------------------------------------------ */

/* mmap, touch every page, munmap. */
static double map_touch(long n, size_t size)
{
    uint64_t a = now();
    for (long i = 0; i < n; i++) {
        volatile char *p = mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (p == MAP_FAILED) FAIL("mmap %d", errno);
        for (size_t o = 0; o < size; o += 4096) p[o] = 1;
        if (munmap((void *)p, size)) FAIL("munmap %d", errno);
    }
    return now() - a;
}
static double t_mmap_4k(long n) { return map_touch(n, 4096); }
static double t_mmap_1m(long n) { return map_touch(n, 1 << 20); }

static volatile long delivered;
static void on_signal(int s) { (void)s; delivered++; }

/* A thread signals itself: queue, deliver, handler, sigreturn. */
static double t_signal_self(long n)
{
    struct sigaction s = {.sa_handler = on_signal};
    if (sigaction(SIGUSR1, &s, 0)) FAIL("sigaction %d", errno);
    pid_t p = getpid(), t = syscall(SYS_gettid);
    delivered = 0;
    uint64_t a = now();
    for (long i = 0; i < n; i++) if (syscall(SYS_tgkill, p, t, SIGUSR1)) FAIL("tgkill %d", errno);
    double d = now() - a;
    if (delivered != n) FAIL("delivered %ld of %ld", delivered, n);
    return d;
}

/* ---- processes --------------------------------------------------------------------------------------------- */

static double t_fork(long n)
{
    uint64_t a = now();
    for (long i = 0; i < n; i++) {
        int s;
        pid_t p = fork();
        if (p < 0) FAIL("fork %d", errno);
        if (p == 0) _exit(0);
        if (waitpid(p, &s, 0) != p) FAIL("wait %d", errno);
        if (s) FAIL("child status %x", s);
    }
    return now() - a;
}

/* Starts this program again with the argument exit0. Only LD_LIBRARY_PATH is handed on. */
static char *child_argv[] = {self, "exit0", 0};
static char child_lib[1024] = "A=1";
static char *child_env[] = {child_lib, 0};

static double t_fork_exec(long n)
{
    uint64_t a = now();
    for (long i = 0; i < n; i++) {
        int s;
        pid_t p = fork();
        if (p < 0) FAIL("fork %d", errno);
        if (p == 0) { execve(self, child_argv, child_env); _exit(127); }
        if (waitpid(p, &s, 0) != p) FAIL("wait %d", errno);
        if (s) FAIL("child status %x", s);
    }
    return now() - a;
}

/* In a function of its own: nothing of the caller's may live in a register across vfork. */
static __attribute__((noinline)) pid_t vfork_exec(void)
{
    pid_t p = vfork();
    if (p == 0) { execve(self, child_argv, child_env); _exit(127); }
    return p;
}

static double t_vfork_exec(long n)
{
    uint64_t a = now();
    for (long i = 0; i < n; i++) {
        int s;
        pid_t p = vfork_exec();
        if (p < 0) FAIL("vfork %d", errno);
        if (waitpid(p, &s, 0) != p) FAIL("wait %d", errno);
        if (s) FAIL("child status %x", s);
    }
    return now() - a;
}

/* The same from a process that has 64 MiB in small pages, which a child may or may not have to be given. */
static double resident(double (*run)(long n), long n)
{
    const size_t size = 64 << 20;
    char *memory = mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) FAIL("mmap %d", errno);
    if (madvise(memory, size, MADV_NOHUGEPAGE) && errno != EINVAL) FAIL("madvise %d", errno);
    for (size_t at = 0; at < size; at += 4096) memory[at] = 1;
    double d = run(n);
    munmap(memory, size);
    return d;
}

static double t_fork_64m(long n) { return resident(t_fork, n); }
static double t_fork_exec_64m(long n) { return resident(t_fork_exec, n); }
static double t_vfork_exec_64m(long n) { return resident(t_vfork_exec, n); }

/* ---- driver ------------------------------------------------------------------------------------------------ */

static const struct test { const char *name; double (*run)(long n); long iterations; } tests[] = {
    {"cpu_loop", t_cpu, 20000000},
    {"getpid", t_getpid, 200000},
    {"getppid", t_getppid, 200000},
    {"getppid_wrapper", t_getppid_wrapper, 200000},
    {"clock_gettime_libc", t_clock_libc, 300000},
    {"clock_gettime_sys", t_clock_sys, 200000},
    {"sched_yield", t_yield, 50000},
    {"read_1B", t_read_1, 100000},
    {"read_4K", t_read_4k, 50000},
    {"pread_4K", t_pread_4k, 50000},
    {"write_4K", t_write_4k, 50000},
    {"open_close", t_open_close, 20000},
    {"stat", t_stat, 50000},
    {"fstat", t_fstat, 100000},
    {"creat_unlink", t_creat_unlink, 10000},
    {"devzero_read4K", t_devzero, 50000},
    {"devnull_write1", t_devnull, 100000},
    {"pipe_1thr_w+r", t_pipe_1thr, 50000},
    {"pipe_pingpong", t_pipe_pingpong, 20000},
    {"unix_pingpong", t_unix_pingpong, 20000},
    {"futex_wake_nowait", t_futex_wake0, 200000},
    {"futex_pingpong", t_futex_pingpong, 20000},
    {"mmap_4K", t_mmap_4k, 20000},
    {"mmap_1M", t_mmap_1m, 500},
    {"pthread_create_join", t_thread, 2000},
    {"epoll_eventfd", t_epoll, 50000},
    {"signal_self", t_signal_self, 30000},
    {"pipe_tput_64K", t_pipe_tput, 4000},
    {"unix_tput_64K", t_unix_tput, 4000},
    {"tcp_rtt", t_tcp_rtt, 10000},
    {"tcp_tput_64K", t_tcp_tput, 4000},
    {"fork_exit_wait", t_fork, 300},
    {"fork_exec_wait", t_fork_exec, 200},
    {"vfork_exec_wait", t_vfork_exec, 200},
    {"fork_exit_wait_64M", t_fork_64m, 50},
    {"fork_exec_wait_64M", t_fork_exec_64m, 50},
    {"vfork_exec_wait_64M", t_vfork_exec_64m, 200},
};
#define NTESTS ((int)(sizeof tests / sizeof *tests))

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static int setting(const char *key, const char *v)
{
    if (!strcmp(key, "reps")) reps = atoi(v);
    else if (!strcmp(key, "scale")) scale = atof(v);
    else if (!strcmp(key, "dir")) snprintf(dir, sizeof dir, "%s", v);
    else if (!strcmp(key, "ip")) snprintf(ip, sizeof ip, "%s", v);
    else if (!strcmp(key, "port")) port = atoi(v);
    else if (!strcmp(key, "self")) snprintf(self, sizeof self, "%s", v);
    else return -1;
    return 0;
}

static int find(const char *name)
{
    for (int i = 0; i < NTESTS; i++) if (!strcmp(tests[i].name, name)) return i;
    return -1;
}

static int run(const struct test *t)
{
    double r[64];
    long n = t->iterations * scale;
    if (n < 10) n = 10;
    for (int k = 0; k < reps; k++) {
        double d = t->run(n);
        if (d < 0) {
            printf("%s FAIL %s\n", t->name, err);
            fflush(stdout);
            return 1;
        }
        r[k] = d / n;
    }
    qsort(r, reps, sizeof *r, by_value);
    printf("%s %.1f min %.1f max %.1f\n", t->name, r[reps / 2], r[0], r[reps - 1]);
    fflush(stdout);
    return 0;
}

int main(int argc, char **argv)
{
    static const char *const keys[] = {"reps", "scale", "dir", "ip", "port", "self"};
    char wanted[NTESTS] = {0};
    int any = 0, failed = 0;

    if (argc > 1 && !strcmp(argv[1], "exit0")) return 0;
    /* A name without a slash was found through PATH: exec needs the real file. */
    snprintf(self, sizeof self, "%s", strchr(argv[0], '/') ? argv[0] : "/proc/self/exe");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        char name[16] = "MB_", *v;
        for (size_t j = 0; keys[i][j]; j++) name[3 + j] = keys[i][j] - 'a' + 'A';
        if ((v = getenv(name))) setting(keys[i], v);
    }
    for (int i = 1; i < argc; i++) {
        char key[16], *eq = strchr(argv[i], '=');
        if (!strcmp(argv[i], "list")) {
            for (int k = 0; k < NTESTS; k++) puts(tests[k].name);
            return 0;
        }
        int k = find(argv[i]);
        if (k >= 0) { wanted[k] = 1; any = 1; continue; }
        if (eq && eq - argv[i] < (int)sizeof key) {
            memcpy(key, argv[i], eq - argv[i]);
            key[eq - argv[i]] = 0;
            if (!setting(key, eq + 1)) continue;
        }
        fprintf(stderr, "mb: no test or setting '%s' (try: mb list)\n", argv[i]);
        return 2;
    }
    if (reps < 1 || reps > 64 || !(scale > 0) || port < 0 || port > 65535) {
        fprintf(stderr, "mb: reps is 1..64, scale above 0, port 0..65535\n");
        return 2;
    }
    snprintf(datafile, sizeof datafile, "%s/mb.%ld.dat", dir, (long)getpid());
    snprintf(newfile, sizeof newfile, "%s/mb.%ld.new", dir, (long)getpid());
    if (getenv("LD_LIBRARY_PATH")) snprintf(child_lib, sizeof child_lib, "LD_LIBRARY_PATH=%s", getenv("LD_LIBRARY_PATH"));
    signal(SIGPIPE, SIG_IGN);

    for (int i = 0; i < NTESTS; i++) if (!any || wanted[i]) failed |= run(&tests[i]);
    unlink(datafile);
    unlink(newfile);
    return failed;
}
