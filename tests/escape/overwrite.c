// cases: arena_start arena_heap arena_all block stack callbacks vdso
// also: forked
// Scribbles over the library OS's memory by plain stores, which nothing stops, and goes for the secret. The library
// OS may break in any way; what is outside does not notice.
#include "attack.h"

static void scribble(uint64_t at, size_t length, unsigned char byte) { memset((void *)at, byte, length); }

// What a forged block calls in the library OS's place: code of the attack with the library OS's stack.
static void callback(void) {
    print_secret_at(GATE);
    AT(GATE, SYS_exit_group, 0);
}

static int attack(void) {
    find_gate();
    map_natively(ARENA, 1 << 20);
    map_natively(REGIONS, REGION_STRIDE);
    map_natively(HOST_VDSO, 4 * PAGE);
    if (unfiltered) print_secret();
    CASE("arena_start") scribble(ARENA, 4096, 0x41);
    CASE("arena_heap") scribble(ARENA + (64 << 10), 512 << 10, 0xff);
    CASE("arena_all") scribble(ARENA, 1 << 20, 0);
    CASE("block") scribble(BLOCK, BLOCK_SIZE, 0x41);
    CASE("stack") scribble(BLOCK - (100 << 10), 96 << 10, 0x41);
    CASE("callbacks") {
        for (uint64_t at = BLOCK; at < BLOCK + 256; at += 8) *(volatile uint64_t *)at = (uint64_t)callback;
    }
    CASE("vdso") {
        // Not writable, so this ends the program; by the signal that Linux gives it.
        scribble(HOST_VDSO, 64, 0x41);
    }
    print_secret();
    return 0;
}

int main(int argc, char **argv) {
    (void)argc;
    plan(argv);
    return by_whom(attack);
}
