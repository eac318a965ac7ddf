// cases: chain fast_chain quiet own_child sharing new_user new_pid untraced child_of_keeper
// also: forked older
// limit: 3s
// Makes host processes through the gate that the library OS does not know: chains of them that outrun a kill, ones that
// ask for no signal at the keeper's death and hold every signal off, ones in namespaces of their own. Natively they live
// on and leave a file; in the sandbox none outlives it.
#include "attack.h"

#include <sched.h>

#define G(...) AT(GATE, __VA_ARGS__)

// The words of the table (south/linux/src/calls.rs).
#define PROCESS (CLONE_FILES | CLONE_PARENT | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD)
#define MEMBER (CLONE_FILES | CLONE_CHILD_SETTID | SIGCHLD)
#define SHARING (PROCESS | CLONE_VM)

static long parent_word, child_word;
static char stack[1 << 16] __attribute__((aligned(16)));

// What outlives the attack: natively it leaves a file once the attack has gone; in the sandbox it stays for ever.
static void live_on(void) {
    char other[400];
    snprintf(other, sizeof other, "%s.late", victim);
    for (long round = 0; round < 2000 || !unfiltered; round++) G(SYS_sched_yield);
    struct timespec moment = {0, 300000000};
    G(SYS_nanosleep, &moment, 0);
    G(SYS_openat, AT_FDCWD, other, O_CREAT | O_WRONLY, 0666);
    G(SYS_exit_group, 0);
}

static long make(long flags) { return G(SYS_clone, flags, 0, &parent_word, &child_word, 0); }

static void hold_signals_off(void) {
    uint64_t all = ~0UL;
    G(SYS_rt_sigprocmask, SIG_SETMASK, &all, 0, 8);
}

// Each link makes the next and ends.
static void chain(long flags, int length, int pause) {
    hold_signals_off();
    for (int link = 0; link < length; link++) {
        long child = make(flags);
        if (child < 0) break;
        if (child > 0) G(SYS_exit_group, 0);
        for (int i = 0; i < pause; i++) G(SYS_sched_yield);
    }
    live_on();
}

static void in_shared_memory(void) { live_on(); }

// A process in this one's memory, on a stack of its own.
static void share(void) {
    uint64_t *top = (uint64_t *)(stack + sizeof stack);
    // The gate's `ret` takes it from there.
    *--top = 0;
    *--top = (uint64_t)in_shared_memory;
    G(SYS_clone, SHARING, top, &parent_word, &child_word, 0);
    // Where memory is shared, the one that goes must not take it along.
    for (int i = 0; i < 1000; i++) G(SYS_sched_yield);
}

static int attack(void) {
    find_gate();
    const int length = unfiltered ? 20 : 3000;
    CASE("chain") if (make(PROCESS) == 0) chain(PROCESS, length, 20);
    CASE("fast_chain") if (make(PROCESS) == 0) chain(PROCESS, length, 0);
    CASE("quiet") {
        for (int i = 0; i < 20; i++) {
            if (make(PROCESS) == 0) hold_signals_off(), live_on();
        }
    }
    CASE("own_child") if (make(MEMBER) == 0) chain(MEMBER, length, 0);
    CASE("sharing") share();
    CASE("new_user") if (make(CLONE_NEWUSER | SIGCHLD) == 0) live_on();
    CASE("new_pid") if (make(CLONE_NEWUSER | CLONE_NEWPID | SIGCHLD) == 0) live_on();
    CASE("untraced") if (make(CLONE_UNTRACED | PROCESS) == 0) live_on();
    CASE("child_of_keeper") if (make(PROCESS) == 0 && make(PROCESS) == 0 && make(MEMBER) == 0) live_on();
    return 0;
}

int main(int argc, char **argv) {
    (void)argc;
    plan(argv);
    return by_whom(attack);
}
