// build: -mavx
// A handler may clobber every vector register: XMM and YMM come back with the frame, also for a signal
// that arrives in the middle of a computation.
#include "../test.h"
#include <immintrin.h>
#include <sys/time.h>

static volatile int handled;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info, (void)context;
    handled++;
    __asm__ volatile("vpcmpeqd %%xmm0, %%xmm0, %%xmm0\n\tvzeroall" ::: "memory", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
}

static void spin_with(unsigned char fill) {
    unsigned char wanted[32], got[64];
    int before = handled;
    memset(wanted, fill, sizeof wanted);
    __asm__ volatile("vmovdqu (%1), %%ymm3\n\tvmovdqu (%1), %%ymm15\n\t"
                     "1: pause\n\tcmp %0, %3\n\tje 1b\n\t"
                     "vmovdqu %%ymm3, (%2)\n\tvmovdqu %%ymm15, 32(%2)"
                     : : "r"(before), "r"(wanted), "r"(got), "m"(handled) : "memory", "xmm3", "xmm15", "cc");
    CHECK(memcmp(got, wanted, 32) == 0);
    CHECK(memcmp(got + 32, wanted, 32) == 0);
}

int main(void) {
    if (!__builtin_cpu_supports("avx")) {
        puts("no AVX");
        return 0;
    }
    handle(SIGALRM, on_signal, 0);
    struct itimerval timer = {.it_value = {0, 2000}, .it_interval = {0, 2000}};
    CHECK(setitimer(ITIMER_REAL, &timer, NULL) == 0);
    for (int i = 1; i < 60; i++) spin_with((unsigned char)i);
    CHECK(setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL) == 0);
    puts("ok");
}
