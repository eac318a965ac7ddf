// Shared by every attack. An attack is told what lies outside the sandbox and does one thing to get there; it is
// hostile code, so it knows where the library OS lies (south/linux/src/layout.rs). Natively nothing lies there,
// and where an attack needs the gate it maps an unfiltered one.
#ifndef LITEBOX_ATTACK_H
#define LITEBOX_ATTACK_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/ucontext.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096UL
#define IMAGE 0x7f8000000000UL
#define GATE 0x7f8010000000UL
#define GATE_RETURN (GATE + 16)
#define HOST_VDSO 0x7f8010010000UL
#define ARENA 0x7f9000000000UL
#define REGIONS 0x7f8010040000UL
#define REGION_STRIDE (256UL << 10)
#define BLOCK_SIZE 8192UL
// The first thread's block.
#define BLOCK (REGIONS + REGION_STRIDE - BLOCK_SIZE)
#define CHANNEL 3
// The one signal that the table lets through: SIGURG.
#define KICK 23

// What was planted outside.
static const char *secret, *victim, *unix_path, *attack_by, *attack_case;
static int port, victim_process;
static char **more;

#define CASE(name) if (strcmp(attack_case, name) == 0)

static void say(const char *text) {
    if (write(1, text, strlen(text)) < 0) _exit(9);
}

// What the harness wants to hear, so that no attack counts as failed that never began.
#define BEGUN "begun\n"

static void plan(char **argv) {
    secret = argv[1];
    victim = argv[2];
    port = atoi(argv[3]);
    victim_process = atoi(argv[4]);
    unix_path = argv[5];
    attack_by = argv[6];
    attack_case = argv[7];
    more = argv + 8;
    say(BEGUN);
}

// Carries the attack out as it was told to: by this process, a forked child, or one that shares its memory. What it
// answers is its exit status.
__attribute__((unused)) static int by_whom(int (*attack)(void)) {
    int status = 0;
    pid_t child;
    if (strcmp(attack_by, "own") == 0) return attack();
    child = strcmp(attack_by, "vforked") == 0 ? vfork() : fork();
    if (child == 0) _exit(attack());
    if (child < 0 || waitpid(child, &status, 0) != child) return 8;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 7;
}

// A goal that only the attack itself can see.
__attribute__((unused)) static void reached(void) { say("REACHED\n"); }

// The goal of most attacks, by plain calls: print the secret.
__attribute__((unused)) static void print_secret(void) {
    char bytes[200];
    int file = open(secret, O_RDONLY);
    ssize_t length = file < 0 ? -1 : read(file, bytes, sizeof bytes);
    if (length > 0 && write(1, bytes, length) < 0) _exit(9);
}

typedef long (*entry)(long a, long b, long c, long d, long e, long f, long number);

// Arguments as a C function takes them, the number last, on the stack; `syscall` at the given address, which a
// `ret` follows.
__attribute__((unused, noinline)) static long call_at(uint64_t address, long number, long a, long b, long c, long d,
                                                      long e, long f) {
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    register uint64_t r11 __asm__("r11") = address;
    long result;
    __asm__ volatile("sub $128, %%rsp\n call *%%r11\n add $128, %%rsp"
                     : "=a"(result), "+r"(r11)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "memory");
    return result;
}

#define PICK(_1, _2, _3, _4, _5, _6, _7, _8, name, ...) name
#define CALL1(at, n) call_at(at, n, 0, 0, 0, 0, 0, 0)
#define CALL2(at, n, a) call_at(at, n, (long)(a), 0, 0, 0, 0, 0)
#define CALL3(at, n, a, b) call_at(at, n, (long)(a), (long)(b), 0, 0, 0, 0)
#define CALL4(at, n, a, b, c) call_at(at, n, (long)(a), (long)(b), (long)(c), 0, 0, 0)
#define CALL5(at, n, a, b, c, d) call_at(at, n, (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)
#define CALL6(at, n, a, b, c, d, e) call_at(at, n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), 0)
#define CALL7(at, n, a, b, c, d, e, f)                                                                       \
    call_at(at, n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
#define AT(...) PICK(__VA_ARGS__, CALL7, CALL6, CALL5, CALL4, CALL3, CALL2, CALL1, CALL0)(__VA_ARGS__)

// Print the secret by `syscall` instructions at `address` alone.
__attribute__((unused)) static void print_secret_at(uint64_t address) {
    static char bytes[200];
    long file = AT(address, SYS_openat, AT_FDCWD, secret, O_RDONLY, 0);
    long length = file < 0 ? -1 : AT(address, SYS_read, file, bytes, sizeof bytes);
    if (length > 0) AT(address, SYS_write, 1, bytes, length);
}

// Whether the gate is one that this attack mapped itself, which it can only where there is no sandbox.
static int unfiltered;

// The gate, wherever this runs.
__attribute__((unused)) static void find_gate(void) {
    static const unsigned char code[] = {
        0x0f, 0x05, 0xc3, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90,
        0xb8, 15, 0, 0, 0, 0x0f, 0x05,
    };
    void *page = mmap((void *)GATE, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    if (page != (void *)GATE) return;
    memcpy(page, code, sizeof code);
    unfiltered = 1;
}

// Memory that the attack maps itself at a place of the library OS's, where nothing of it is; natively only.
__attribute__((unused)) static int map_natively(uint64_t address, size_t length) {
    void *page = mmap((void *)address, length, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    return page == (void *)address;
}

#endif
