// cases: unmap_gate map_over_gate protect_gate unmap_arena zero_arena execute_arena unmap_image map_image write_image
// cases: unmap_region move_arena discard_region map_channel protect_stack unmap_vdso
// also: forked vforked
// Takes the library OS's own memory away through the gate, then goes for the secret: whatever breaks, nothing else
// answers. Natively the same calls are made on memory that the attack mapped there.
#include "attack.h"

#define G(...) AT(GATE, __VA_ARGS__)

static const int both = PROT_READ | PROT_WRITE, all = PROT_READ | PROT_WRITE | PROT_EXEC;
static const int fixed = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;

static int attack(void) {
    find_gate();
    map_natively(ARENA, 16 * PAGE);
    map_natively(IMAGE, 16 * PAGE);
    map_natively(REGIONS, REGION_STRIDE);
    map_natively(HOST_VDSO, 4 * PAGE);
    if (unfiltered) print_secret();
    CASE("unmap_gate") G(SYS_munmap, GATE, PAGE);
    CASE("map_over_gate") G(SYS_mmap, GATE, PAGE, all, fixed, -1, 0);
    CASE("protect_gate") {
        if (G(SYS_mprotect, GATE, PAGE, all) == 0) memcpy((void *)(GATE + 64), "\x0f\x05\xc3", 3);
        print_secret_at(GATE + 64);
    }
    CASE("unmap_arena") G(SYS_munmap, ARENA, 64UL << 30);
    CASE("zero_arena") G(SYS_mmap, ARENA, 1UL << 30, both, fixed, -1, 0);
    CASE("execute_arena") {
        if (G(SYS_mprotect, ARENA, PAGE, all) == 0) memcpy((void *)(ARENA + 64), "\x0f\x05\xc3", 3);
        print_secret_at(ARENA + 64);
    }
    CASE("unmap_image") G(SYS_munmap, IMAGE, 1UL << 28);
    CASE("map_image") G(SYS_mmap, IMAGE, 1UL << 28, both, fixed, -1, 0);
    CASE("write_image") {
        G(SYS_mprotect, IMAGE, 1UL << 20, all);
        memset((void *)IMAGE, 0x90, 64);
    }
    CASE("unmap_region") G(SYS_munmap, REGIONS, REGION_STRIDE);
    CASE("move_arena") G(SYS_mremap, ARENA, PAGE, PAGE, 3, 0x700000000000);
    CASE("discard_region") G(SYS_madvise, REGIONS, REGION_STRIDE, 4);
    CASE("map_channel") G(SYS_mmap, 0x700000000000, PAGE, both, MAP_SHARED, CHANNEL, 0);
    CASE("protect_stack") G(SYS_mprotect, BLOCK, BLOCK_SIZE, PROT_READ);
    CASE("unmap_vdso") G(SYS_munmap, HOST_VDSO, 4 * PAGE);
    print_secret();
    __asm__ volatile("" : : : "memory");
    print_secret();
    return 0;
}

int main(int argc, char **argv) {
    (void)argc;
    plan(argv);
    return by_whom(attack);
}
