// cases: to_gate to_image compat_segment bad_segment bad_flags bad_vectors huge_vectors kernel_address stack_of_ours
// cases: through_gate through_gate_block_all
// also: forked
// Forged signal frames: `rt_sigreturn` of the library OS, and the gate's own, told to continue anywhere with any
// segment, flags and vector state. Natively the frame makes the call that it wants.
#include "attack.h"

__asm__(".text\n"
        "give_frame: mov %rdi, %rsp\n mov $15, %eax\n syscall\n hlt\n"
        "give_frame_gate: mov %rdi, %rsp\n jmp *%rsi\n"
        "make_call: syscall\n mov %rax, %rdi\n call went_on\n hlt\n");
extern void give_frame(void *), give_frame_gate(void *, uint64_t);
extern char make_call[];

// Where the forged frame's own call ends: with the file that it opened.
__attribute__((used, noinline)) void went_on(long file) {
    __asm__ volatile("and $-16, %rsp");
    char bytes[200];
    ssize_t length = file < 0 ? -1 : read(file, bytes, sizeof bytes);
    if (length > 0 && write(1, bytes, length) < 0) _exit(9);
    print_secret();
    _exit(0);
}

struct frame {
    ucontext_t context;
} __attribute__((aligned(64)));

// A stack for what goes on, and the vector state that a frame names.
static char stack[64 << 10] __attribute__((aligned(64)));
static unsigned char vectors[16384] __attribute__((aligned(64)));

static void forge(ucontext_t *context) {
    greg_t *r = context->uc_mcontext.gregs;
    memset(context, 0, sizeof *context);
    r[REG_RIP] = (greg_t)make_call;
    r[REG_RSP] = (greg_t)(stack + sizeof stack - 256);
    r[REG_EFL] = 0x202;
    r[REG_CSGSFS] = 0x33 | 0x2bL << 48;
    r[REG_RAX] = SYS_openat;
    r[REG_RDI] = AT_FDCWD;
    r[REG_RSI] = (greg_t)secret;
    r[REG_RDX] = O_RDONLY;
}

static void spoil(ucontext_t *context) {
    greg_t *r = context->uc_mcontext.gregs;
    CASE("to_gate") r[REG_RIP] = GATE;
    CASE("to_image") r[REG_RIP] = IMAGE + 0x1000;
    CASE("compat_segment") r[REG_CSGSFS] = 0x23 | 0x2bL << 48;
    CASE("bad_segment") r[REG_CSGSFS] = 0x1337 | 0x10L << 48;
    CASE("bad_flags") r[REG_EFL] = -1;
    CASE("kernel_address") r[REG_RIP] = (greg_t)0xffffffff81000000;
    CASE("stack_of_ours") r[REG_RSP] = BLOCK - (60 << 10);
    CASE("bad_vectors") {
        memset(vectors, 0xff, sizeof vectors);
        context->uc_mcontext.fpregs = (void *)vectors;
    }
    CASE("huge_vectors") {
        // The software's own bytes of the legacy area: magic, extended size, features, size.
        uint32_t software[] = {0x46505853, ~0U, ~0U, ~0U, ~0U};
        memcpy(vectors + 464, software, sizeof software);
        context->uc_mcontext.fpregs = (void *)vectors;
    }
    CASE("through_gate_block_all") memset(&context->uc_sigmask, 0xff, 8);
}

static int attack(void) {
    find_gate();
    // Natively every frame works once unspoiled; spoiled ones are the kernel's to refuse.
    static struct frame frame;
    forge(&frame.context);
    if (!unfiltered) spoil(&frame.context);
    if (strncmp(attack_case, "through_gate", 12) == 0) give_frame_gate(&frame, GATE_RETURN);
    give_frame(&frame);
    return 0;
}

int main(int argc, char **argv) {
    (void)argc;
    plan(argv);
    return by_whom(attack);
}
