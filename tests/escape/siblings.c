// cases: arena_zeros arena_ones heap unmap_arena unmap_image unmap_regions block kill_all
// also: beside
// sandbox: ended
// A child takes the library OS apart while its parent and siblings work: with processes, pipes and memory. Whatever it
// does, the one sandbox ends, at once and with a word; nothing is reached, and what runs beside it goes on.
#include "attack.h"

#include <sched.h>

#define G(...) AT(GATE, __VA_ARGS__)

// Work that asks the library OS for everything it shares between processes. Natively it ends.
static void work(void) {
    char byte = 0;
    for (long round = 0; round < 200 || !unfiltered; round++) {
        int ends[2];
        if (pipe(ends)) _exit(1);
        pid_t child = fork();
        if (child == 0) _exit(write(ends[1], "x", 1) != 1);
        if (read(ends[0], &byte, 1) != 1 || waitpid(child, 0, 0) != child) _exit(1);
        close(ends[0]), close(ends[1]);
        munmap(mmap(0, 64 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 64 * PAGE);
    }
    _exit(0);
}

static void destroy(void) {
    if (unfiltered) print_secret();
    CASE("arena_zeros") memset((void *)ARENA, 0, 1 << 20);
    CASE("arena_ones") memset((void *)ARENA, 0xff, 1 << 20);
    CASE("heap") memset((void *)(ARENA + (512 << 10)), 0x41, 4 << 20);
    CASE("unmap_arena") G(SYS_munmap, ARENA, 64UL << 30);
    CASE("unmap_image") G(SYS_munmap, IMAGE, 1UL << 28);
    CASE("unmap_regions") G(SYS_munmap, REGIONS, 64 * REGION_STRIDE);
    CASE("block") memset((void *)BLOCK, 0x41, BLOCK_SIZE);
    // The row with which the keeper ends the sandbox.
    CASE("kill_all") G(SYS_kill, 0, SIGKILL);
    // The library OS is asked for something, so that it notices.
    for (int i = 0; i < 1000; i++) {
        pid_t child = fork();
        if (child == 0) _exit(0);
        waitpid(child, 0, 0);
        if (unfiltered) break;
    }
    print_secret();
    _exit(0);
}

int main(int argc, char **argv) {
    (void)argc;
    plan(argv);
    find_gate();
    map_natively(ARENA, 8 << 20);
    map_natively(REGIONS, REGION_STRIDE);
    for (int i = 0; i < 3; i++) {
        if (fork() == 0) work();
    }
    struct timespec moment = {0, 50000000};
    nanosleep(&moment, 0);
    if (fork() == 0) destroy();
    while (wait(0) > 0) continue;
    return 0;
}
