// execve gives new memory: no mapping, heap, lock or variable of the old program is left.
#include "../test.h"

static int variable = 1;

int main(int argc, char **argv) {
    unsigned char residency;
    if (argc > 1) {
        char *old = (char *)strtoul(argv[1], NULL, 16);
        CHECK_EQ(variable, 1);
        CHECK_ERRNO(mincore(old, PAGE, &residency), ENOMEM);
        char *start = sbrk(0);
        CHECK(sbrk((intptr_t)PAGE) == start && start[0] == 0);
        char *shared = (char *)strtoul(argv[2], NULL, 16);
        CHECK_ERRNO(mincore(shared, PAGE, &residency), ENOMEM);
        return 5;
    }
    char *shared = mmap((void *)0x600000000000, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    CHECK(shared == (void *)0x600000000000);
    pid_t child = fork_child();
    if (child == 0) {
        char *old = mmap((void *)0x500000000000, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
        CHECK(old == (void *)0x500000000000);
        variable = 2;
        *old = *shared = 3;
        CHECK(sbrk(1 << 20) != (void *)-1);
        execl(argv[0], argv[0], "500000000000", "600000000000", NULL);
        _exit(99);
    }
    CHECK_EXITS(child, 5);
    CHECK_EQ(*shared, 3);
    CHECK_EQ(variable, 1);
    puts("ok");
}
