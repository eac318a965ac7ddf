// sweep: 0 279
// Enters the gate's clone with flag words of all kinds: each of the table's with one bit more or less, and words of
// single bits. Only the table's own may pass. Each is said before it is tried, so that the next run knows where this one
// ended.
#include "attack.h"

#include <sched.h>

// CLONE_CLEAR_SIGHAND and CLONE_INTO_CGROUP, which only clone3(2) knows.
#define FOR_CLONE3 0x300000000UL

static const uint64_t words[] = {
    // Thread, process, member, process in shared memory: south/linux/src/calls.rs.
    CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_PARENT_SETTID |
        CLONE_CHILD_CLEARTID,
    CLONE_FILES | CLONE_PARENT | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD,
    CLONE_FILES | CLONE_CHILD_SETTID | SIGCHLD,
    CLONE_FILES | CLONE_PARENT | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD | CLONE_VM,
};
static const uint64_t others[] = {
    0, SIGCHLD, SIGKILL, CLONE_NEWUSER | SIGCHLD, CLONE_NEWNS | SIGCHLD, CLONE_NEWPID | SIGCHLD,
    CLONE_NEWNET | SIGCHLD, CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | SIGCHLD, CLONE_VFORK | CLONE_VM | SIGCHLD,
    CLONE_PARENT | SIGCHLD, CLONE_PIDFD | SIGCHLD, CLONE_PTRACE | SIGCHLD, CLONE_UNTRACED | SIGCHLD, CLONE_FS | SIGCHLD,
    CLONE_IO | SIGCHLD, FOR_CLONE3 | SIGCHLD, 0x2000 | SIGCHLD, CLONE_SETTLS | SIGCHLD,
    0xffffffff, 0xffffffffffffffff, 0x7e020000, 1UL << 63, 0xffffffff00000000, CLONE_DETACHED | SIGCHLD,
};

static uint64_t word(long number) {
    if (number < 256) return words[number / 64] ^ 1UL << number % 64;
    return others[number - 256];
}

int main(int argc, char **argv) {
    (void)argc;
    plan(argv);
    find_gate();
    if (unfiltered) return 3;
    static long parent_word, child_word;
    for (long number = atol(more[0]); number <= atol(more[1]); number++) {
        char text[64];
        snprintf(text, sizeof text, "number %ld\n", number);
        say(text);
        // Without a stack of its own whoever shares memory breaks the other.
        long child = call_at(GATE, SYS_clone, word(number), 0, (long)&parent_word, (long)&child_word, 0, 0);
        if (child == 0) AT(GATE, SYS_exit_group, 0);
        if (child > 0) AT(GATE, SYS_sched_yield);
    }
    return 0;
}
