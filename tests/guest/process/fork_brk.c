// The program break is inherited and then moves in each process alone.
#include "../test.h"

int main(void) {
    char *start = sbrk(4 * PAGE);
    CHECK(start != (char *)-1);
    start[0] = 5;
    char *before = sbrk(0);
    pid_t child = fork_child();
    if (child == 0) {
        CHECK(sbrk(0) == before && start[0] == 5);
        CHECK(sbrk(16 * PAGE) == before);
        before[15 * PAGE] = 1;
        _exit(0);
    }
    CHECK_EXITS(child, 0);
    CHECK(sbrk(0) == before);
    CHECK(sbrk(PAGE) == before && before[0] == 0);
    puts("ok");
}
