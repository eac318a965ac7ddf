// Process numbers go up: two hundred children one after the other have two hundred numbers.
#include "../test.h"

int main(void) {
    enum { CHILDREN = 200 };
    static pid_t seen[CHILDREN];
    for (int i = 0; i < CHILDREN; i++) {
        seen[i] = fork_child();
        if (seen[i] == 0) _exit(0);
        CHECK_EXITS(seen[i], 0);
        for (int j = 0; j < i; j++) CHECK(seen[i] != seen[j]);
    }
    puts("ok");
}
