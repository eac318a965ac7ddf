// What the tests of crash safety run: crash_guest KIND COUNT
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

// South/linux's gate, and its word for a process (south/linux/src/layout.rs, calls.rs).
#define GATE 0x7f8010000000UL
#define PROCESS (CLONE_FILES | CLONE_PARENT | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD)

static void say(const char *what, long number) {
    char line[60];
    int length = snprintf(line, sizeof line, "%s %ld\n", what, number);
    if (write(1, line, length) != length) _exit(9);
}

static void sleep_for_ever(void) {
    for (;;) pause();
}

// `count` children: every second one works, the others sleep.
static void crowd(int count) {
    for (int i = 0; i < count; i++) {
        if (fork() != 0) continue;
        if (i % 2) sleep_for_ever();
        for (volatile unsigned long rounds = 0;; rounds++) getpid();
    }
    say("up", count);
    sleep_for_ever();
}

// Children until the limit, of at most `count`; told how many there were, and why no more.
static void fill(int count) {
    int made = 0;
    pid_t child = 0;
    while (made < count && (child = fork()) > 0) made++;
    if (made < count && child == 0) sleep_for_ever();
    int error = made < count ? errno : 0;
    say(error == EAGAIN ? "refused after" : error ? "failed after" : "never refused", made);
    kill(0, SIGKILL);
}

// Every process makes two more, and never ends; together at most `count`, so that it is no danger to a machine that
// does not limit it.
static void bomb(int count) {
    int *left = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    *left = count;
    say("up", count);
    for (;;) {
        if (__atomic_fetch_sub(left, 1, __ATOMIC_RELAXED) <= 0) sleep_for_ever();
        if (fork() < 0 && errno != EAGAIN) say("error", errno);
    }
}

static long gate(long number, long a, long b, long c, long d) {
    register long r10 __asm__("r10") = d;
    register uint64_t r11 __asm__("r11") = GATE;
    long result;
    __asm__ volatile("sub $128, %%rsp\n call *%%r11\n add $128, %%rsp"
                     : "=a"(result), "+r"(r11)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10)
                     : "rcx", "memory");
    return result;
}

// Hostile: host processes that the library OS does not know, that hold every signal off and ask for none when their
// parent dies.
static void outlive(int count) {
    static long parent_word, child_word;
    uint64_t all = ~0UL;
    say("up", count);
    gate(SYS_rt_sigprocmask, SIG_SETMASK, (long)&all, 0, 8);
    for (int i = 0; i < count; i++) {
        if (gate(SYS_clone, PROCESS, 0, (long)&parent_word, (long)&child_word) == 0) break;
    }
    for (;;) gate(SYS_sched_yield, 0, 0, 0, 0);
}

int main(int count, char **arguments) {
    if (count != 3) return 2;
    int number = atoi(arguments[2]);
    const char *kind = arguments[1];
    if (strcmp(kind, "crowd") == 0) crowd(number);
    if (strcmp(kind, "fill") == 0) fill(number);
    if (strcmp(kind, "bomb") == 0) bomb(number);
    if (strcmp(kind, "outlive") == 0) outlive(number);
    return 3;
}
