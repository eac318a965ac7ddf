// A child that faults dies by the fault's signal; its parent is not hurt.
#include "../test.h"
#include <sys/resource.h>

static void divide(void) {
    __asm__ volatile("xor %%edx, %%edx\n\tmov $1, %%eax\n\txor %%ecx, %%ecx\n\tdiv %%ecx" ::: "eax", "ecx", "edx");
}
static void read_null(void) { (void)*(volatile char *)8; }
static void illegal(void) { __asm__ volatile("ud2"); }
static void jump_away(void) { ((void (*)(void))0x10)(); }
static int recurse(unsigned depth) {
    volatile char block[4096];
    block[depth % sizeof block] = 1;
    return depth == UINT_MAX ? 0 : recurse(depth + 1) + block[depth % sizeof block];
}
static void overflow_stack(void) { _exit(recurse(0)); }
static void past_end_of_file(void) {
    int fd = file_with("empty", "", 0);
    *(volatile char *)mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) = 1;
}

int main(void) {
    struct {
        void (*body)(void);
        int signal;
    } faults[] = {{divide, SIGFPE}, {read_null, SIGSEGV}, {illegal, SIGILL}, {jump_away, SIGSEGV}, {overflow_stack, SIGSEGV}, {past_end_of_file, SIGBUS}};
    CHECK(setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}) == 0);
    for (size_t i = 0; i < COUNT(faults); i++) {
        pid_t child = fork_child();
        if (child == 0) {
            faults[i].body();
            _exit(1);
        }
        CHECK_EQ(status_of(child), faults[i].signal);
    }
    puts("ok");
}
