// cases: block_all alternate_stack alternate_stack_off kick_self kick_keeper gs_zero gs_wild gs_forged fs_wild
// also: forked
// Takes the ground from under the library OS's handlers through the gate and by instructions: signal masks,
// alternate stacks, the GS base, kicks; then makes calls that trap.
#include "attack.h"

#include <immintrin.h>

#define G(...) AT(GATE, __VA_ARGS__)
__asm__(".text\nstub: syscall\n ret\n");
extern char stub[];

static void callback(void) {
    print_secret_at(GATE);
    AT(GATE, SYS_exit_group, 0);
}

static void change(void) {
    static uint64_t words[512];
    static char small[8192];
    uint64_t all = ~0UL;
    stack_t stack = {.ss_sp = small, .ss_size = sizeof small};
    CASE("block_all") G(SYS_rt_sigprocmask, SIG_SETMASK, &all, 0, 8);
    CASE("alternate_stack") G(SYS_sigaltstack, &stack, 0);
    CASE("alternate_stack_off") {
        stack.ss_flags = SS_DISABLE;
        G(SYS_sigaltstack, &stack, 0);
    }
    CASE("kick_self") {
        // The thread's number is in its region's word and nowhere for the guest; small numbers are tried.
        for (long number = 1; number < 3000; number++) G(SYS_tgkill, number, number, KICK);
    }
    CASE("kick_keeper") {
        for (long number = victim_process; number < victim_process + 300; number++)
            G(SYS_tgkill, number, number, KICK);
    }
    CASE("gs_zero") _writegsbase_u64(0);
    CASE("gs_wild") _writegsbase_u64(0x7ffffffff000);
    CASE("gs_forged") {
        for (int i = 0; i < 512; i++) words[i] = (uint64_t)callback;
        words[0] = (uint64_t)words;
        _writegsbase_u64((uint64_t)words);
    }
    CASE("fs_wild") {
        // Only instructions that need no thread-local storage follow.
        uint64_t kept = _readfsbase_u64();
        _writefsbase_u64(0x123456789000);
        print_secret_at((uintptr_t)stub);
        _writefsbase_u64(kept);
    }
}

static int attack(void) {
    find_gate();
    // Kicks have a handler in the sandbox; an unfiltered program would be ended by its own.
    if (unfiltered && strncmp(attack_case, "kick", 4) == 0) {
        G(SYS_tgkill, victim_process, victim_process, KICK);
        return 0;
    }
    change();
    print_secret_at((uintptr_t)stub);
    print_secret_at((uintptr_t)stub);
    print_secret();
    return 0;
}

int main(int argc, char **argv) {
    (void)argc;
    plan(argv);
    return by_whom(attack);
}
