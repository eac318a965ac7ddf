// The floating-point part of the frame is an XSAVE area: its magic numbers, and a register changed in the
// frame is changed after the handler.
#include "../test.h"
#include <ucontext.h>

static volatile unsigned magic, magic_end, size;

static void on_signal(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)info;
    ucontext_t *frame = context;
    char *area = (char *)frame->uc_mcontext.fpregs;
    struct { unsigned magic, extended_size; uint64_t features; unsigned xstate_size; } reserved;
    memcpy(&reserved, area + 464, sizeof reserved);
    magic = reserved.magic;
    size = reserved.extended_size;
    memcpy((void *)&magic_end, area + reserved.extended_size - 4, 4);
    memset(area + 160 + 16 * 5, 0xee, 16);
}

int main(void) {
    unsigned char got[16] = {0};
    handle(SIGTRAP, on_signal, 0);
    __asm__ volatile("pxor %%xmm5, %%xmm5\n\tint3\n\tmovdqu %%xmm5, (%0)" : : "r"(got) : "memory", "xmm5");
    for (int i = 0; i < 16; i++) CHECK_EQ(got[i], 0xee);
    printf("%#x %#x %d\n", magic, magic_end, size >= 576 + 256 - 64);
}
