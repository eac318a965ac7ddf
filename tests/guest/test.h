// Shared by every guest test: checks that name the line that failed, and system calls made by an
// inline instruction. A test prints only what is the same in every run and returns 0 from main.
#ifndef LITEBOX_TEST_H
#define LITEBOX_TEST_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FAIL(...)                                                                                  \
    do {                                                                                           \
        int saved_errno = errno;                                                                   \
        dprintf(2, "%s:%d: ", __FILE__, __LINE__);                                                 \
        dprintf(2, __VA_ARGS__);                                                                   \
        dprintf(2, " [errno %d]\n", saved_errno);                                                  \
        _exit(1);                                                                                  \
    } while (0)

// The condition holds.
#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) FAIL("CHECK(%s)", #condition);                                           \
    } while (0)

// Two integers are equal.
#define CHECK_EQ(actual, wanted)                                                                   \
    do {                                                                                           \
        long long actual_ = (long long)(actual), wanted_ = (long long)(wanted);                    \
        if (actual_ != wanted_) FAIL("%s is %lld (%#llx), wanted %s = %lld", #actual, actual_, actual_, #wanted, wanted_); \
    } while (0)

// A C library call fails with this errno.
#define CHECK_ERRNO(call, wanted)                                                                  \
    do {                                                                                           \
        errno = 0;                                                                                 \
        long long result_ = (long long)(call);                                                     \
        if (result_ != -1 || errno != (wanted)) FAIL("%s returned %lld, wanted -1 with %s", #call, result_, #wanted); \
    } while (0)

// A function that returns its error (the pthread family) does so.
#define CHECK_ZERO(call) CHECK_EQ((call), 0)

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define PAGE 4096UL

// A system call without the C library: returns the kernel's own value, -errno on failure.
static inline long raw6(long nr, long a, long b, long c, long d, long e, long f) {
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}
#define RAW_PICK(_1, _2, _3, _4, _5, _6, _7, name, ...) name
#define RAW0(n) raw6(n, 0, 0, 0, 0, 0, 0)
#define RAW1(n, a) raw6(n, (long)(a), 0, 0, 0, 0, 0)
#define RAW2(n, a, b) raw6(n, (long)(a), (long)(b), 0, 0, 0, 0)
#define RAW3(n, a, b, c) raw6(n, (long)(a), (long)(b), (long)(c), 0, 0, 0)
#define RAW4(n, a, b, c, d) raw6(n, (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)
#define RAW5(n, a, b, c, d, e) raw6(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), 0)
#define RAW6(n, a, b, c, d, e, f) raw6(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
#define raw(...) RAW_PICK(__VA_ARGS__, RAW6, RAW5, RAW4, RAW3, RAW2, RAW1, RAW0, 0)(__VA_ARGS__)

// Private anonymous pages, readable and writable.
static inline char *map_pages(size_t count) {
    char *p = mmap(NULL, count * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(p != MAP_FAILED);
    return p;
}

// An address range that is certainly unmapped, for as long as the test maps nothing else.
static inline char *hole(size_t count) {
    char *p = map_pages(count);
    CHECK(munmap(p, count * PAGE) == 0);
    return p;
}

// A new file in the working directory with these bytes, open for reading and writing.
static inline int file_with(const char *name, const void *bytes, size_t length) {
    int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644);
    CHECK(fd >= 0);
    CHECK_EQ(write(fd, bytes, length), length);
    CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
    return fd;
}

static inline int64_t now_ns(clockid_t clock) {
    struct timespec t;
    CHECK(clock_gettime(clock, &t) == 0);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static inline void sleep_ms(long ms) {
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};
    while (nanosleep(&t, &t) == -1 && errno == EINTR) {
    }
}

// Installs a handler with flags and an empty mask.
static inline void handle(int signal, void (*handler)(int, siginfo_t *, void *), int flags) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = handler;
    action.sa_flags = flags | SA_SIGINFO;
    CHECK(sigaction(signal, &action, NULL) == 0);
}

static inline sigset_t set_of(int signal) {
    sigset_t set;
    sigemptyset(&set);
    if (signal) sigaddset(&set, signal);
    return set;
}

static inline pthread_t spawn(void *(*body)(void *), void *argument) {
    pthread_t thread;
    CHECK_ZERO(pthread_create(&thread, NULL, body, argument));
    return thread;
}

static inline void *join(pthread_t thread) {
    void *result;
    CHECK_ZERO(pthread_join(thread, &result));
    return result;
}

// Waits until a thread of this process has stopped running: its state in /proc is S.
static inline void wait_until_asleep(pid_t tid) {
    for (int round = 0; round < 2000; round++) {
        char path[64], text[512];
        snprintf(path, sizeof path, "/proc/self/task/%d/stat", tid);
        int fd = open(path, O_RDONLY);
        ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
        if (fd >= 0) close(fd);
        if (got <= 0) break;
        text[got] = 0;
        char *end = strrchr(text, ')');
        if (end && end[1] && end[2] == 'S') return;
        sleep_ms(1);
    }
    sleep_ms(50);
}

// fork. SIGALRM ends a child that lives for eight seconds, so that none outlives a failed test for long.
static inline pid_t fork_child(void) {
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) alarm(8);
    return pid;
}

// Waits for the end of this child and returns its status.
static inline int status_of(pid_t pid) {
    int status;
    pid_t got;
    while ((got = waitpid(pid, &status, __WALL)) == -1 && errno == EINTR) {
    }
    CHECK_EQ(got, pid);
    return status;
}

// The child exits with this code; a failed check in the child is code 1.
#define CHECK_EXITS(pid, code) CHECK_EQ(status_of(pid), (code) << 8)

// The child dies by this signal, with a core file or without.
#define CHECK_DIES(pid, signal) CHECK_EQ(status_of(pid) & ~0x80, signal)

// A gate that one process opens and another passes. It stays closed for the next who comes.
struct gate {
    int ends[2];
};

static inline struct gate new_gate(void) {
    struct gate gate;
    CHECK(pipe2(gate.ends, O_CLOEXEC) == 0);
    return gate;
}

static inline void open_gate(struct gate gate) {
    CHECK_EQ(write(gate.ends[1], "g", 1), 1);
}

// Who should open the gate may have failed: nobody waits longer than six seconds.
static inline void pass_gate(struct gate gate) {
    struct pollfd entry = {gate.ends[0], POLLIN, 0};
    char byte;
    int ready;
    while ((ready = poll(&entry, 1, 6000)) == -1 && errno == EINTR) {
    }
    CHECK_EQ(ready, 1);
    CHECK_EQ(read(gate.ends[0], &byte, 1), 1);
}

// Zeroed pages that a child will share.
static inline void *shared_pages(size_t count) {
    void *p = mmap(NULL, count * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(p != MAP_FAILED);
    return p;
}

// The bytes of a file, up to size - 1 of them and a zero; -1 if it cannot be read.
static inline ssize_t read_text(const char *path, char *text, size_t size) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    size_t have = 0;
    ssize_t got = 0;
    while (have < size - 1 && (got = read(fd, text + have, size - 1 - have)) > 0) have += (size_t)got;
    int saved_errno = errno;
    close(fd);
    errno = saved_errno;
    text[have] = 0;
    return got < 0 ? -1 : (ssize_t)have;
}

// The state letter of a process in /proc, 0 if it has none.
static inline char state_of(pid_t pid) {
    char path[64], text[512];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    if (read_text(path, text, sizeof text) <= 0) return 0;
    char *end = strrchr(text, ')');
    return end && end[1] ? end[2] : 0;
}

// Waits until the process is in this state. Without /proc it only gives the process time to get there.
static inline void wait_until_state(pid_t pid, char state) {
    for (int round = 0; round < 2000; round++) {
        char now = state_of(pid);
        if (now == state) return;
        if (!now) break;
        sleep_ms(1);
    }
    sleep_ms(50);
}

#endif
