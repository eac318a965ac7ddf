// A child draws other random bytes than its parent, although its memory is the same.
#include "../test.h"
#include <sys/random.h>

int main(void) {
    char first[32], *second = shared_pages(1);
    CHECK_EQ(getrandom(first, sizeof first, 0), sizeof first);
    pid_t child = fork_child();
    if (child == 0) _exit(getrandom(second, 32, 0) != 32);
    CHECK_EQ(getrandom(first, sizeof first, 0), sizeof first);
    CHECK_EXITS(child, 0);
    CHECK(memcmp(first, second, sizeof first) != 0);
    puts("ok");
}
