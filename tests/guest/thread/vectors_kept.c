// Each thread's vector registers survive system calls that block and the switches between threads.
#include "../test.h"

static void *body(void *argument) {
    unsigned char wanted[64], got[64];
    int quiet[2];
    CHECK(pipe(quiet) == 0);
    memset(wanted, (int)(long)argument, sizeof wanted);
    for (int i = 0; i < 500; i++) {
        struct timespec nap = {0, 20000};
        __asm__ volatile("movdqu (%1), %%xmm6\n\tmovdqu 16(%1), %%xmm7\n\tmovdqu 32(%1), %%xmm14\n\tmovdqu 48(%1), %%xmm15\n\t"
                         "syscall\n\t"
                         "movdqu %%xmm6, (%2)\n\tmovdqu %%xmm7, 16(%2)\n\tmovdqu %%xmm14, 32(%2)\n\tmovdqu %%xmm15, 48(%2)"
                         :
                         : "a"(SYS_nanosleep), "r"(wanted), "r"(got), "D"(&nap), "S"(NULL)
                         : "rcx", "r11", "memory", "xmm6", "xmm7", "xmm14", "xmm15");
        CHECK(memcmp(wanted, got, sizeof got) == 0);
    }
    return NULL;
}

int main(void) {
    pthread_t threads[4];
    for (long i = 0; i < 4; i++) threads[i] = spawn(body, (void *)(0x11 * (i + 1)));
    for (long i = 0; i < 4; i++) join(threads[i]);
    puts("ok");
}
